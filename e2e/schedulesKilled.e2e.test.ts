import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createRig, type Rig } from "./rig.ts";
import { programPath } from "./support/program.ts";

const hasStrace =
  process.platform === "linux" && spawnSync("strace", ["-o", "/dev/null", process.execPath, "--version"]).status === 0;

interface Listed {
  readonly running: readonly unknown[];
  readonly waiting: readonly unknown[];
  readonly fired: number;
  readonly skipped: number;
  readonly failed: number;
}

const patience = { timeout: 60_000, interval: 200 };

async function listed(rig: Rig): Promise<Listed> {
  const { stdout } = await rig.command(["schedule", "list", "--json"]);
  const [found] = JSON.parse(stdout) as readonly Listed[];
  if (found === undefined) throw new Error("no schedule");
  return found;
}

/** The daemon's own thread is killed at its nth of these calls; what it started is not. Its child starts by one of them. */
function daemonKilledAt(rig: Rig, calls: string, nth: number): ChildProcess {
  const injection = ["-o", "/dev/null", "-e", `trace=${calls}`, "-e", `inject=${calls}:signal=SIGKILL:when=${nth}`];
  const argv = [...injection, process.execPath, programPath, "schedule", "daemon"];
  return spawn("strace", argv, { cwd: rig.folder, env: rig.environment, stdio: "ignore" });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function killTraced({ pid }: ChildProcess): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").match(/\d+/g) ?? [];
  for (const child of children) process.kill(Number(child), "SIGKILL");
}

test.skipIf(!hasStrace)(
  "a daemon killed at any sync of the disk, and at any start of a program, fires no slot twice and loses none it claimed",
  async () => {
    const fleet = { name: "quick", instances: [{ name: "only", run: ["sh", "-c", "echo ran >> ran.txt"] }] };
    await using rig = await createRig({ config: fleet });
    await rig.command(["schedule", "add", "fleet.json", "--cron", "* * * * * *", "--missed", "all"]);
    const moments = [
      ...Array.from({ length: 6 }, (_, at) => ["fdatasync,fsync", at + 1] as const),
      ...Array.from({ length: 6 }, (_, at) => ["vfork,fork,clone", at + 1] as const),
    ];
    for (const [calls, nth] of moments) {
      const { fired } = await listed(rig);
      const daemon = daemonKilledAt(rig, calls, nth);
      // Where it makes fewer of these calls than that, it is killed once it has fired several.
      await expect.poll(async () => hasEnded(daemon) || (await listed(rig)).fired > fired + 2, patience).toBe(true);
      if (!hasEnded(daemon)) killTraced(daemon);
      await expect.poll(() => hasEnded(daemon), patience).toBe(true);
    }
    // What the last one had claimed is begun by another; then one look finds nothing running and nothing waiting.
    const daemon = rig.begin(["schedule", "daemon"]);
    await daemon.prints("are fired from here");
    await rig.command(["schedule", "pause", "quick"]);
    let last = await listed(rig);
    const look = async (): Promise<number> => {
      last = await listed(rig);
      return last.running.length + last.waiting.length;
    };
    await expect.poll(look, patience).toBe(0);
    daemon.signal("SIGTERM");
    expect((await daemon.ended).exitCode).toBe(0);
    const { fired, failed } = last;
    expect(failed).toBe(0);
    expect(rig.runs()).toHaveLength(fired);
    expect(rig.read("ran.txt").trim().split("\n")).toHaveLength(fired);
  },
  240_000,
);
