import type { AttemptEnd, AttemptState, InstanceState, UsagePolicy } from "@claude-orchestrator/domain";
import { isWaitedFor } from "./usageGuard.ts";

/** What an instance's ended attempts come to for the question whether it is tried again. */
export interface AttemptsMade {
  /** Those that count against the retry policy: not what a person asked for anew, not what was no fault of the agent's. */
  readonly counted: number;
  /** Attempts that ended because their session existed already. */
  readonly sessionClashes: number;
  /** The last one was to go on with a session that could not be found again. */
  readonly lostSession: boolean;
}

export function attemptsMade({ attempts, attemptsBefore }: InstanceState, usage: UsagePolicy): AttemptsMade {
  const recent = attempts.slice(attemptsBefore);
  const kinds = recent.map(({ end }) => end?.failure?.kind);
  const lost = attempts.map((attempt, index) => isLostSession(attempt, attempts[index - 1]));
  const excused = recent.filter((attempt, index) => {
    const kind = kinds[index];
    if (kind === "session_in_use" || kind === "interrupted") return true;
    return lost[attemptsBefore + index] === true || isWaitedFor(usage, attempt);
  });
  return {
    counted: recent.length - excused.length,
    sessionClashes: kinds.filter((kind) => kind === "session_in_use").length,
    lostSession: lost.at(-1) === true,
  };
}

/** True for an attempt that was to go on where `before` was cut off, and whose agent no longer knew the session. */
export function isLostSession({ end }: AttemptState, before: AttemptState | undefined): boolean {
  if (end?.failure?.kind !== "session_not_found" || before?.end === undefined) return false;
  return wasCutOff(before.end);
}

/** Ended with work still to do: by the end of its supervisor, by a person, by a budget, by a limit of its account. */
export function wasCutOff({ verdict, failure }: AttemptEnd): boolean {
  const isOutside = failure?.kind === "interrupted" || failure?.kind === "usage_limit";
  return isOutside || verdict === "stopped" || verdict === "budget_exceeded";
}
