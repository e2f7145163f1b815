import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LeftProcess, RunningProcess } from "@claude-orchestrator/engine/ports";
import { choosePlatform } from "../platform/choosePlatform.ts";
import { createProcessHost, type LocalProcessHost } from "../processes/processHost.ts";

/** A process as an earlier supervisor would have left it. */
export interface Leaving {
  readonly left: LeftProcess;
  readonly child: ChildProcess;
  readonly pid: number;
  /** `NAME=value`. */
  readonly marker: string;
}

export interface Adopted {
  readonly running: RunningProcess;
  /** All lines so far; those of standard error begin with `! `. */
  readonly lines: readonly string[];
}

export interface LeftRig extends Disposable {
  readonly folder: string;
  readonly host: LocalProcessHost;
  /** Starts a shell script as the attempt's process: a session of its own, the marker, the spool as its output. */
  leave(script: string): Leaving;
  adopt(left: LeftProcess): Promise<Adopted>;
}

/** Processes that nobody supervises, and a host to take them over. Whoever was left in the end is killed. */
export function createLeftRig(): LeftRig {
  const folder = mkdtempSync(join(tmpdir(), "left rig "));
  const host = createProcessHost();
  const platform = choosePlatform();
  const started: ChildProcess[] = [];
  let count = 0;

  const leave = (script: string): Leaving => {
    const name = `attempt-${(count += 1)}`;
    const marker = { name: "LEFT_TEST_MARK", value: `${process.pid}-${Math.random().toString(36).slice(2)}` };
    const spool = { stdout: join(folder, `${name}.stdout`), stderr: join(folder, `${name}.stderr`) };
    const privateDirectory = join(folder, `${name}.private`);
    mkdirSync(privateDirectory);
    const outputs = [openSync(spool.stdout, "a", 0o600), openSync(spool.stderr, "a", 0o600)] as const;
    const env = { PATH: "/usr/bin:/bin", [marker.name]: marker.value };
    const child = spawn("/bin/sh", ["-c", script], { cwd: folder, env, stdio: ["ignore", ...outputs], detached: true });
    for (const fd of outputs) closeSync(fd);
    started.push(child);
    const pid = child.pid ?? 0;
    const identity = { pid, startTime: platform.startTime(pid) ?? "0", bootId: platform.bootId };
    const left = { identity, marker, spool, privateDirectory, maxLineBytes: 1024 * 1024 };
    return { left, child, pid, marker: `${marker.name}=${marker.value}` };
  };

  return {
    folder,
    host,
    leave,
    adopt: async (left) => {
      const lines: string[] = [];
      const running = await host.adopt(left, {
        stdoutLine: (text) => void lines.push(text),
        stderrLine: (text) => void lines.push(`! ${text}`),
      });
      return { running, lines };
    },
    [Symbol.dispose]: () => {
      for (const child of started) child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Settles once `holds` answers true; asked again and again. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
