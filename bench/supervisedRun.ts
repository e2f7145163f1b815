import { spawnSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { openRunLog } from "@claude-orchestrator/store";
import type { Subject } from "./sample.ts";

const pollMs = 50;
const patienceMs = 60_000;

/** A run that works on without a terminal, in the workspace of the subject that began it. */
export interface SupervisedRun {
  readonly id: string;
  readonly directory: string;
  /** Of its supervisor. */
  readonly pid: number;
  /** When that was asked for, ms since 1970. */
  readonly askedAt: number;
  /** What began it: a `run FILE` of the program. */
  readonly begun: Subject;
}

export function beginRun(begun: Subject): SupervisedRun {
  const askedAt = Date.now();
  const answer = say(begun, ["--detach", "--json"]);
  const { run, directory, pid } = JSON.parse(answer) as { run: string; directory: string; pid: number };
  return { id: run, directory, pid, askedAt, begun };
}

/** Another command of the same program, in the same workspace. */
export function commandOf({ begun }: SupervisedRun, command: string, words: readonly string[]): Subject {
  return { ...begun, name: `claude-orchestrator ${command}`, argv: [...begun.argv.slice(0, 2), command, ...words] };
}

/** As a crash of the supervisor would; settles when it is gone. */
export async function killSupervisor({ pid }: SupervisedRun): Promise<void> {
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
}

export function resumeRun(run: SupervisedRun): SupervisedRun {
  const askedAt = Date.now();
  const answer = say(commandOf(run, "resume", [run.id]), ["--detach", "--json"]);
  return { ...run, askedAt, pid: (JSON.parse(answer) as { pid: number }).pid };
}

/** Ends it with all its agents. */
export function stopRun(run: SupervisedRun): void {
  say(commandOf(run, "stop", [run.id]), ["--force"]);
}

/** An agent that was taken over and is not at work after so long had ended before. */
const settledMs = 3000;

/**
 * Seconds from the asking for the supervisor until so many agents were at work under it, started by it or taken over, all at
 * once and to stay.
 */
export async function secondsUntilAtWork({ directory, askedAt }: SupervisedRun, count: number): Promise<number> {
  const log = openRunLog(directory);
  try {
    const all = (): readonly number[] | false => {
      const since = atWorkSince(log.events(), askedAt);
      return since.length >= count && since;
    };
    for (let since = await until(all); ;) {
      await wait(settledMs);
      const later = all();
      if (later !== false && Math.max(...later) === Math.max(...since)) return (Math.max(...later) - askedAt) / 1000;
      since = await until(all);
    }
  } finally {
    log.close();
  }
}

/** When each attempt that is at work came under its supervisor. */
function atWorkSince(events: Iterable<LoggedEvent>, askedAt: number): readonly number[] {
  const since = new Map<string, number>();
  for (const event of events) {
    if (event.at < askedAt) continue;
    if (event.type === "attempt-adopted" || event.type === "attempt-started") since.set(event.instance, event.at);
    if (event.type === "attempt-ended") since.delete(event.instance);
  }
  return [...since.values()];
}

/** Settles with the first answer that is not false. */
export async function until<Answer>(question: () => Answer | false): Promise<Answer> {
  for (const end = performance.now() + patienceMs; performance.now() < end;) {
    const answer = question();
    if (answer !== false) return answer;
    await wait(pollMs);
  }
  throw new Error("what was waited for did not come");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function say({ argv, cwd, env, name }: Subject, more: readonly string[]): string {
  const [command = "", ...words] = [...argv, ...more];
  const { stdout, stderr, status } = spawnSync(command, words, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: exit ${status}: ${stderr}`);
  return stdout;
}
