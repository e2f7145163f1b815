import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ContainmentWish } from "../processes/containment.ts";

export interface SupervisorWish {
  readonly folder: string;
  readonly containment: ContainmentWish;
  readonly count: number;
  readonly script: string;
  readonly markerName?: string;
  /** The words a reaper becomes when the supervisor is gone; without them there is no reaper. */
  readonly reaper?: readonly string[];
}

export interface Supervisor {
  readonly process: ChildProcess;
  /** Settles when it has printed this many lines, or has ended, with what it has printed. */
  lines(count: number): Promise<readonly string[]>;
}

const program = fileURLToPath(new URL("supervisorProcess.ts", import.meta.url));

/** Starts a supervisor of its own. `wrapper` is put before the command line (`prlimit …`). */
export function runSupervisor(wish: SupervisorWish, wrapper: readonly string[] = []): Supervisor {
  // One of its own: other tests run supervisors at the same time, on the same machine.
  const markerName = `SUPERVISOR_TEST_${process.pid}_${Math.random().toString(36).slice(2)}`;
  const [command, ...words] = [...wrapper, process.execPath, program, JSON.stringify({ markerName, ...wish })];
  const child = spawn(command, words, {
    cwd: wish.folder,
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const printed: string[] = [];
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => printed.push(line));
  const lines = async (count: number): Promise<readonly string[]> => {
    while (printed.length < count && child.exitCode === null && child.signalCode === null) {
      await Promise.race([ended, new Promise((resolve) => reader.once("line", resolve))]);
    }
    return printed;
  };
  return { process: child, lines };
}
