import type { AttemptState, InstanceState } from "@claude-orchestrator/domain";

/** What an instance's ended attempts come to for the question whether it is tried again. */
export interface AttemptsMade {
  /** Those that count against the retry policy: not what a person asked for anew, not what was no fault of the agent's. */
  readonly counted: number;
  /** Attempts that ended because their session existed already. */
  readonly sessionClashes: number;
  /** The last one was to go on with a session that could not be found again. */
  readonly lostSession: boolean;
}

export function attemptsMade({ attempts, attemptsBefore }: InstanceState): AttemptsMade {
  const recent = attempts.slice(attemptsBefore);
  const kinds = recent.map(({ end }) => end?.failure?.kind);
  const lost = attempts.map((attempt, index) => isLostSession(attempt, attempts[index - 1]));
  const excused = kinds.filter((kind, index) => {
    return kind === "session_in_use" || kind === "interrupted" || lost[attemptsBefore + index] === true;
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
  const { verdict, failure } = before.end;
  return failure?.kind === "interrupted" || verdict === "stopped" || verdict === "budget_exceeded";
}
