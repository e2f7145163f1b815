import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isAlive, survivorsOf } from "../testing/hostRig.ts";
import { createLeftRig, until } from "../testing/leftProcess.ts";

const patient = { timeout: 60_000 };
const untilGo = "while [ ! -e go ]; do sleep 0.02; done";

describe.skipIf(process.platform !== "linux")("a process that was left running", () => {
  test("is taken over: what it had printed is there at once, what it prints later follows", patient, async () => {
    using rig = createLeftRig();
    const { left } = rig.leave(`echo one; echo two >&2; printf thr; ${untilGo}; echo ee; exit 7`);
    await until(() => readFileSync(left.spool.stdout, "utf8").endsWith("thr"));
    const { running, lines } = await rig.adopt(left);
    expect(lines).toEqual(["one", "! two"]);
    expect(running.identity).toEqual(left.identity);
    writeFileSync(join(rig.folder, "go"), "");
    expect(await running.ended).toEqual({ lost: true, swept: 0 });
    expect(lines).toEqual(["one", "! two", "three"]);
    expect(existsSync(left.privateDirectory)).toBe(false);
  });

  test("is taken over where it cleared its environment: it still writes to its files", patient, async () => {
    using rig = createLeftRig();
    const { left, pid } = rig.leave("exec env -i sh -c 'echo bare; exec sleep 1000'");
    await until(() => readFileSync(left.spool.stdout, "utf8") === "bare\n");
    const { running } = await rig.adopt(left);
    expect(isAlive(pid)).toBe(true);
    running.stop([{ signal: "SIGTERM", to: "process", waitMs: 30_000 }]);
    expect(await running.ended).toEqual({ lost: true, swept: 0 });
  });

  test("goes on where it had been stopped: whoever did that may be gone", patient, async () => {
    using rig = createLeftRig();
    const { left } = rig.leave("kill -STOP $$; echo on");
    await until(() => readFileSync(`/proc/${left.identity?.pid ?? 0}/stat`, "utf8").includes(") T "));
    const { running, lines } = await rig.adopt(left);
    expect(await running.ended).toEqual({ lost: true, swept: 0 });
    expect(lines).toEqual(["on"]);
  });

  test("is stopped by the ladder, and what it leaves is swept", patient, async () => {
    using rig = createLeftRig();
    const { left, marker } = rig.leave(
      "trap '' TERM; setsid sh -c 'echo ready; exec sleep 1000' & while :; do sleep 0.05; done",
    );
    await until(() => readFileSync(left.spool.stdout, "utf8") === "ready\n");
    const { running } = await rig.adopt(left);
    running.stop([{ signal: "SIGTERM", to: "process", waitMs: 50 }]);
    const exit = await running.ended;
    expect(exit.lost).toBe(true);
    expect(exit.swept).toBeGreaterThan(0);
    expect(survivorsOf(marker)).toEqual([]);
  });

  test.for([
    { name: "was removed", spoil: (path: string) => rmSync(path) },
    {
      name: "is another one by now",
      spoil: (path: string) => {
        renameSync(path, `${path}.old`);
        writeFileSync(path, "not its own\n");
      },
    },
  ])("is ended where its output file $name: nobody can read it whole", patient, async ({ spoil }) => {
    using rig = createLeftRig();
    const { left, marker } = rig.leave("echo ready; exec sleep 1000");
    await until(() => readFileSync(left.spool.stdout, "utf8") === "ready\n");
    spoil(left.spool.stdout);
    const { running } = await rig.adopt(left);
    expect(await running.ended).toEqual({ lost: true, swept: 0 });
    expect(survivorsOf(marker)).toEqual([]);
  });
});

describe.skipIf(process.platform !== "linux")("a process that ended while nobody watched", () => {
  test("is told with its whole output, and what it left behind is ended", patient, async () => {
    using rig = createLeftRig();
    const { left, child, marker } = rig.leave("setsid sleep 1000 & echo last; printf words");
    await until(() => child.exitCode !== null);
    const { running, lines } = await rig.adopt(left);
    expect(await running.ended).toEqual({ lost: true, swept: 1 });
    expect(lines).toEqual(["last", "words"]);
    expect(survivorsOf(marker)).toEqual([]);
    expect(existsSync(left.privateDirectory)).toBe(false);
  });

  test("left one without any environment: its session and its output files say whose it is", patient, async () => {
    using rig = createLeftRig();
    const { left, child } = rig.leave("env -i sh -c 'echo $$; exec sleep 1000' & sleep 0.2");
    await until(() => child.exitCode !== null);
    const stray = Number(readFileSync(left.spool.stdout, "utf8"));
    expect(isAlive(stray)).toBe(true);
    const { running } = await rig.adopt(left);
    expect(await running.ended).toEqual({ lost: true, swept: 1 });
    expect(isAlive(stray)).toBe(false);
  });

  test("is no reason to fail where nothing of it is left, files neither", patient, async () => {
    using rig = createLeftRig();
    const { left, child } = rig.leave("exit 0");
    await until(() => child.exitCode !== null);
    for (const path of [left.spool.stdout, left.spool.stderr]) rmSync(path);
    rmSync(left.privateDirectory, { recursive: true });
    const { running, lines } = await rig.adopt(left);
    expect(await running.ended).toEqual({ lost: true, swept: 0 });
    expect(lines).toEqual([]);
    expect(existsSync(left.spool.stdout)).toBe(false);
  });
});

describe.skipIf(process.platform !== "linux")("nothing is ended on one piece of evidence", () => {
  test("a process with the number and start time, but neither marker nor files, is left alone", patient, async () => {
    using rig = createLeftRig();
    const bystander = rig.leave("echo mine; exec sleep 1000");
    const gone = rig.leave("exit 0");
    await until(() => gone.child.exitCode !== null);
    const { running } = await rig.adopt({ ...gone.left, identity: bystander.left.identity });
    expect(await running.ended).toEqual({ lost: true, swept: 0 });
    expect(isAlive(bystander.pid)).toBe(true);
  });

  test.for([
    { name: "start time", change: { startTime: "1" } },
    { name: "boot", change: { bootId: "an earlier one" } },
  ])("a process with the number of ours but another $name is left alone", patient, async ({ change }) => {
    using rig = createLeftRig();
    const bystander = rig.leave("exec sleep 1000");
    const gone = rig.leave("echo said; exit 0");
    await until(() => gone.child.exitCode !== null);
    const identity = { ...bystander.left.identity, pid: bystander.pid, startTime: "0", bootId: "", ...change };
    const { running, lines } = await rig.adopt({ ...gone.left, identity });
    expect(await running.ended).toEqual({ lost: true, swept: 0 });
    expect(lines).toEqual(["said"]);
    expect(isAlive(bystander.pid)).toBe(true);
  });

  test(
    "a process whose start was never recorded is found by its marker; one with another marker lives",
    patient,
    async () => {
      using rig = createLeftRig();
      const lookAlike = rig.leave("exec sleep 1000");
      const { left, marker } = rig.leave("setsid sleep 1000 & exec sleep 1000");
      await until(() => survivorsOf(marker).length === 2);
      const { running } = await rig.adopt({ ...left, identity: undefined });
      expect(await running.ended).toEqual({ lost: true, swept: 2 });
      expect(survivorsOf(marker)).toEqual([]);
      expect(isAlive(lookAlike.pid)).toBe(true);
    },
  );
});
