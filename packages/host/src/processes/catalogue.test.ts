import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseStat } from "../platform/procFiles.ts";
import { containments, createHostRig, hasNamespaces, shellScript, survivorsOf } from "../testing/hostRig.ts";
import { createLeftRig, until } from "../testing/leftProcess.ts";
import { runSupervisor } from "../testing/runSupervisor.ts";

const patient = { timeout: 90_000 };
const kinds = process.platform === "linux" ? containments() : [];
const isRoot = process.getuid?.() === 0;

describe.for(kinds)("the catalogue of faults (containment: %s)", (containment) => {
  test("R1: a child that holds the output open delays no end, and is ended", patient, async () => {
    using rig = createHostRig(containment);
    const { exit, stdout, survivors } = await rig.run(shellScript("(sleep 600 &) ; echo said; exit 0"));
    expect(exit).toEqual({ code: 0, swept: 1 });
    expect(stdout.map(({ text }) => text)).toEqual(["said"]);
    expect(survivors).toEqual([]);
  });

  test("R2: nobody survives a stop: other sessions, double forks, deaf ears, open outputs", patient, async () => {
    using rig = createHostRig(containment);
    using others = createLeftRig();
    const bystander = others.leave("exec sleep 1000");
    const started = rig.start(
      shellScript(`(setsid sh -c 'sleep 1000 & wait' &)
        setsid sh -c 'trap "" TERM INT HUP; echo deaf; while :; do sleep 1; done' &
        env -i setsid sleep 1000 &
        trap '' TERM INT; while :; do sleep 1; done`),
    );
    await started.heard("deaf");
    started.running.stop([{ signal: "SIGTERM", to: "group", waitMs: 50 }]);
    const { exit, survivors } = await rig.finish(started);
    expect(exit.signal).toBe("SIGKILL");
    expect(survivors).toEqual([]);
    // What it is about to become has no environment to be read for a moment.
    await until(() => survivorsOf(bystander.marker).includes(bystander.pid));
    process.kill(bystander.pid, 0);
  });

  test("R7: a crowd that starts itself again is ended, while another attempt is heard", patient, async () => {
    using rig = createHostRig(containment);
    const files = {
      "bomb.sh": `[ "$2" -ge 7 ] && { trap '/bin/sh "$1" "$1" 6 &' TERM; while :; do sleep 0.2; done; }
/bin/sh "$1" "$1" $(($2+1)) &
/bin/sh "$1" "$1" $(($2+1)) &
wait
`,
    };
    const bomb = rig.start(shellScript('cp "$TMPDIR/../bomb.sh" .; echo lit; exec /bin/sh ./bomb.sh ./bomb.sh 0'), {
      files,
    });
    await bomb.heard("lit");
    await until(() => survivorsOf(bomb.marker).length > 100);
    const other = await rig.run(shellScript("echo heard"));
    expect(other.stdout.map(({ text }) => text)).toEqual(["heard"]);
    bomb.running.stop([{ signal: "SIGKILL", to: "group", waitMs: 0 }]);
    const { survivors } = await rig.finish(bomb);
    expect(survivors).toEqual([]);
  });

  test("R9: where file descriptors run out, attempts end with that reason and nothing else does", patient, async () => {
    using rig = createHostRig(containment);
    const count = 40;
    const wish = { folder: rig.folder, containment, count, script: "sleep 0.5; exit 0" } as const;
    const supervisor = runSupervisor(wish, ["/usr/bin/prlimit", "--nofile=64", "--"]);
    const [, ...ends] = await supervisor.lines(count + 1);
    const exits = ends.map((line) => JSON.parse(line).exit);
    expect(exits).toHaveLength(count);
    expect(exits.filter(({ code }) => code === 0).length).toBeGreaterThan(5);
    const others = exits.filter(({ code }) => code !== 0);
    expect(others).toEqual(others.map(() => ({ spawnError: "EMFILE", swept: 0 })));
  });
});

describe.skipIf(process.platform !== "linux" || !isRoot)("R8: as process 1 of a container without an init", () => {
  const asFirst = ["/usr/bin/unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

  test.skipIf(!hasNamespaces())("two thousand orphans leave no zombie behind", patient, async () => {
    using rig = createHostRig();
    const script = `i=0; while [ $i -lt 200 ]; do (for n in 1 2 3 4 5 6 7 8 9 10; do /bin/true & done); i=$((i+1)); done
      : > all-began; exec sleep 1000`;
    const supervisor = runSupervisor({ folder: rig.folder, containment: "best", count: 1, script }, asFirst);
    const [first = ""] = await supervisor.lines(1);
    expect(JSON.parse(first)).toMatchObject({ containment: "namespace" });
    await until(() => existsSync(join(rig.folder, "all-began")));
    const { pid = 0 } = supervisor.process;
    await until(() => zombiesBelow(pid) === 0);
    supervisor.process.kill("SIGKILL");
  });
});

/** Dead processes that nobody has taken note of, among whoever descends from this one. */
function zombiesBelow(pid: number): number {
  const rows = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = parseStat(readFileSync(`/proc/${name}/stat`, "latin1"));
        return stat === undefined ? [] : [{ ...stat, pid: Number(name) }];
      } catch {
        // Gone meanwhile.
        return [];
      }
    });
  const family = new Set([pid]);
  // Parents have lower numbers nearly always; twice, for where they have not.
  for (const row of [...rows, ...rows]) if (family.has(row.parent)) family.add(row.pid);
  return rows.filter((row) => row.state === "Z" && family.has(row.pid)).length;
}
