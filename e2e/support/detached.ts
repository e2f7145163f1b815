import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import type { Rig } from "../rig.ts";

/** A run that was started with `--detach`. */
export interface DetachedRun {
  readonly run: string;
  readonly directory: string;
  /** Of its supervisor. */
  readonly pid: number;
}

/** What `ps --json` says of one run. */
export interface OpenRun {
  readonly run: string;
  readonly status: string;
  readonly pid: number | null;
  readonly instances: { readonly running: number; readonly waiting: number; readonly done: number };
}

export async function detach(rig: Rig, args: readonly string[] = []): Promise<DetachedRun> {
  const { exitCode, stdout, stderr } = await rig.command(["run", "fleet.yaml", "--detach", "--json", ...args]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as DetachedRun;
}

export async function openRuns(rig: Rig): Promise<readonly OpenRun[]> {
  const { stdout } = await rig.command(["ps", "--json"]);
  return JSON.parse(stdout) as readonly OpenRun[];
}

/** Settles when the question is answered by something. */
export async function until<Answer>(question: () => Answer | undefined | Promise<Answer | undefined>): Promise<Answer> {
  for (;;) {
    const answer = await question();
    if (answer !== undefined) return answer;
    await wait(25);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Kills a supervisor as a crash would, and waits until it is gone. */
export async function killSupervisor({ pid }: Pick<DetachedRun, "pid">): Promise<void> {
  process.kill(pid, "SIGKILL");
  await until(() => (isAlive(pid) ? undefined : true));
}
