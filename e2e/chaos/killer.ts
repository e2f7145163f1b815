import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import type { Leftover } from "../support/leftovers.ts";

export type Victim = "supervisor" | "agent" | "grandchild" | "terminal";

/** Kills one process by its pid; false where it had ended by itself. */
export function kill(pid: number): boolean {
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

/** The pid in the record that a run's supervisor keeps of itself. */
export function supervisorOf(directory: string): number | undefined {
  try {
    const record = JSON.parse(readFileSync(join(directory, "supervisor.json"), "utf8")) as {
      readonly identity: { readonly pid: number };
    };
    return record.identity.pid;
  } catch {
    return undefined;
  }
}

/** Of the run's processes: the agents themselves, or whatever they left behind. */
export function choose(processes: readonly Leftover[], victim: "agent" | "grandchild"): readonly number[] {
  const isAgent = ({ command }: Leftover): boolean => command.includes("agent.sh") && !command.includes("bwrap");
  return processes.filter((each) => isAgent(each) === (victim === "agent")).map(({ pid }) => pid);
}

/** Tokens that an attempt's own output tells, each call once: what the log must have, whoever read it and how often. */
export function tokensTold(output: string): number {
  const lines = output.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
  const calls = new Set<string>();
  for (const line of lines) {
    const { message } = JSON.parse(line) as { readonly message?: { readonly id: string } };
    if (message !== undefined) calls.add(message.id);
  }
  return calls.size * 10;
}

/** Every attempt of a log with the file its output is in. */
export function attemptsOf(events: readonly LoggedEvent[]) {
  return events.flatMap((event) =>
    event.type === "attempt-planned"
      ? [{ instance: event.instance, attempt: event.attempt, stdout: event.files.stdout }]
      : [],
  );
}
