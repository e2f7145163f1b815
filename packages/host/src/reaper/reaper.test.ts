import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { containments, isAlive, processesRunning, survivorsOf } from "../testing/hostRig.ts";
import { createLeftRig, until } from "../testing/leftProcess.ts";
import { runSupervisor } from "../testing/runSupervisor.ts";
import { endLeftProcesses } from "./endLeftProcesses.ts";
import { startReaper } from "./startReaper.ts";

const patient = { timeout: 60_000 };
const reapProgram = fileURLToPath(new URL("../testing/reapProcess.ts", import.meta.url));

function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "reaper "));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Each of the ways to outlive somebody: a double fork, a session of its own, deaf to SIGTERM, holding the output. */
const nasty = `trap '' TERM
(setsid sh -c 'sleep 1000 & sleep 1000 & wait' &)
setsid sh -c 'trap "" TERM HUP; while :; do sleep 1; done' &
sleep 1000 &
: > "$TMPDIR/../up"
while :; do sleep 1; done`;

describe.skipIf(process.platform !== "linux")("R3: a supervisor killed by SIGKILL with 20 agents at work", () => {
  for (const containment of process.platform === "linux" ? containments() : []) {
    test(`leaves none of their processes, and ends nobody else's (containment: ${containment})`, patient, async () => {
      using folder = temporaryFolder();
      using rig = createLeftRig();
      const markerName = `REAPER_TEST_${Math.random().toString(36).slice(2)}`;
      // Same programs, same words; one even carries the marker of another run.
      const bystanders = [rig.leave(nasty.replace("$TMPDIR/..", ".")), rig.leave("exec sleep 1000")];
      const count = 20;
      const supervisor = runSupervisor({
        folder: folder.path,
        containment,
        count,
        script: nasty,
        markerName,
        reaper: [process.execPath, reapProgram, markerName, String(Date.now()), "200"],
      });
      await supervisor.lines(1);
      const paths = Array.from({ length: count }, (_, at) => join(folder.path, `${at}.private`, "up"));
      await until(() => paths.every((path) => existsSync(path)));
      const markers = paths.map((_, at) => `${markerName}=attempt/${at}`);
      expect(survivorsOf(markers[0] ?? "").length).toBeGreaterThan(3);
      process.kill(supervisor.process.pid ?? 0, "SIGKILL");
      await until(() => markers.every((marker) => survivorsOf(marker).length === 0));
      expect(bystanders.map(({ pid }) => isAlive(pid))).toEqual([true, true]);
      await endLeftProcesses({ markerName: "LEFT_TEST_MARK", since: Date.now() - 60_000 });
    });
  }
});

test.skipIf(process.platform !== "linux")(
  "what kept a namespace is ended without what is at work in the run",
  async () => {
    const markerName = `KEEPER_TEST_${Math.random().toString(36).slice(2)}`;
    const started = ["namespace", "001-agent/1"].map((value) => {
      return spawn("/bin/sleep", ["1000"], { env: { [markerName]: value }, stdio: "ignore" });
    });
    const over = started.map(({ exitCode, signalCode }) => exitCode ?? signalCode);
    expect(over).toEqual([null, null]);
    expect(await endLeftProcesses({ markerName, since: Date.now() - 60_000, only: "keepers" })).toBe(1);
    await until(() => started[0]?.signalCode !== null);
    expect(isAlive(started[1]?.pid ?? 0)).toBe(true);
    started[1]?.kill("SIGKILL");
  },
);

describe.skipIf(process.platform !== "linux")("a reaper", () => {
  /** What it becomes: a program that leaves a file. */
  const leaveFile = (path: string): readonly string[] => ["/bin/sh", "-c", `: > '${path}'`];
  const watchers = (command: readonly string[]): readonly number[] =>
    processesRunning(["/bin/sh", "-c", 'read -r word; [ "$word" = done ] || exec "$@"', "sh", ...command]);

  test("goes in silence when all is done", patient, async () => {
    using folder = temporaryFolder();
    const command = leaveFile(join(folder.path, "reaped"));
    const reaper = startReaper({ command });
    await until(() => watchers(command).length === 1);
    reaper.done();
    await until(() => watchers(command).length === 0);
    expect(existsSync(join(folder.path, "reaped"))).toBe(false);
  });

  test("is started again where somebody kills it", patient, async () => {
    using folder = temporaryFolder();
    const command = leaveFile(join(folder.path, "reaped"));
    const reaper = startReaper({ command });
    await until(() => watchers(command).length === 1);
    const [first = 0] = watchers(command);
    process.kill(first, "SIGKILL");
    await until(() => watchers(command).some((pid) => pid !== first));
    reaper.done();
    await until(() => watchers(command).length === 0);
  });

  test("leaves a run alone that somebody has taken up meanwhile", patient, async () => {
    using folder = temporaryFolder();
    const markerName = `REAPER_TEST_${Math.random().toString(36).slice(2)}`;
    const taken = join(folder.path, "taken-up");
    const reaped = join(folder.path, "reaped");
    const reaper = [process.execPath, reapProgram, markerName, String(Date.now()), "60000", taken, reaped];
    const script = ': > "$TMPDIR/../up"; exec sleep 1000';
    const wish = { folder: folder.path, containment: "sweep", count: 1, script, markerName, reaper } as const;
    const supervisor = runSupervisor(wish);
    await until(() => existsSync(join(folder.path, "0.private", "up")));
    process.kill(supervisor.process.pid ?? 0, "SIGKILL");
    await until(() => existsSync(`${reaped}.waits`));
    writeFileSync(taken, "");
    await until(() => existsSync(reaped));
    expect(readFileSync(reaped, "utf8")).toBe("taken up");
    expect(survivorsOf(`${markerName}=attempt/0`)).toHaveLength(1);
    expect(await endLeftProcesses({ markerName, since: statSync(folder.path).birthtimeMs })).toBe(1);
  });
});

describe.skipIf(process.platform !== "linux")("what a run has left", () => {
  test("is not who carries its marker but is older than the run", patient, async () => {
    using rig = createLeftRig();
    const { left, pid } = rig.leave("exec sleep 1000");
    const nextHour = Date.now() + 2 * 3_600_000;
    expect(await endLeftProcesses({ markerName: left.marker.name, since: nextHour })).toBe(0);
    expect(isAlive(pid)).toBe(true);
  });
});
