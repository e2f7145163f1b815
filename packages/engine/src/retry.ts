import type { AgentFailure, InstancePlan, RetryCause, Verdict } from "@claude-orchestrator/domain";
import type { AttemptsMade } from "./attemptsMade.ts";
import type { AfterLimit } from "./usageGuard.ts";

export interface RetryDecision {
  readonly delayMs: number;
  /** Set where the usage guard holds it for the rest of the delay, by the wall clock: it is asked after this. */
  readonly askAfterMs?: number;
  readonly reason: string;
  /** Continue the session the failed attempt had, rather than begin anew. */
  readonly resume: boolean;
}

export interface EndedAttempt {
  readonly verdict: Verdict;
  readonly failure: AgentFailure | undefined;
  /** With this one. */
  readonly made: AttemptsMade;
  /** Set where a limit of its account ended it, and the run's policy is to wait. */
  readonly limit: AfterLimit | undefined;
}

/**
 * Whether a failed attempt is tried again. Only what may pass by itself, only what the policy names, never what we ended
 * for a budget or a person; a budget's window that frees is waited for.
 *
 * @param now ms since 1970, to wait for an announced reset
 * @param random in [0, 1): spreads the waits of instances that failed together by up to a fifth
 */
export function decideRetry(
  instance: InstancePlan,
  ended: EndedAttempt,
  now: number,
  random: number,
): RetryDecision | undefined {
  if (mayContinueSession(instance, ended)) {
    return { delayMs: 0, reason: "its session exists already and is continued", resume: true };
  }
  if (ended.failure?.kind === "interrupted") {
    return { delayMs: 0, reason: ended.failure.message, resume: true };
  }
  if (ended.failure?.kind === "budget" && ended.failure.resetsAt !== undefined) {
    return { delayMs: Math.max(0, ended.failure.resetsAt - now), reason: ended.failure.message, resume: true };
  }
  if (ended.made.lostSession) {
    return { delayMs: 0, reason: "its session is not to be found again, so it begins anew", resume: false };
  }
  return ended.limit === undefined ? byPolicy(instance, ended, now, random) : byLimit(ended.limit, ended);
}

/** A limit of the account costs no attempt of the policy: it is waited for, or it is too far away. */
function byLimit(limit: AfterLimit, { failure }: EndedAttempt): RetryDecision | undefined {
  if (limit.is === "too-long") return undefined;
  return {
    delayMs: limit.ms,
    askAfterMs: limit.askAfterMs,
    reason: failure?.message ?? "a usage window is used up",
    resume: limit.resume,
  };
}

function byPolicy(instance: InstancePlan, ended: EndedAttempt, now: number, random: number): RetryDecision | undefined {
  const { retry } = instance;
  const made = ended.made.counted;
  const cause = causeOf(ended);
  if (made >= retry.attempts || cause === undefined || !retry.on.includes(cause)) return undefined;
  const spread = 1 + random * 0.2;
  const backoff = Math.min(retry.maxDelayMs, retry.delayMs * retry.backoff ** (made - 1)) * spread;
  const reset = ended.failure?.resetsAt;
  // A retry before the announced reset would only be refused again.
  const delayMs = reset === undefined ? backoff : Math.max(backoff, reset - now + random * 5000);
  return { delayMs, reason: ended.failure?.message ?? cause, resume: false };
}

function mayContinueSession(instance: InstancePlan, ended: EndedAttempt): boolean {
  return (
    ended.failure?.kind === "session_in_use" &&
    ended.made.sessionClashes === 1 &&
    instance.session.id !== undefined &&
    !instance.session.clear
  );
}

function causeOf({ verdict, failure }: EndedAttempt): RetryCause | undefined {
  if (verdict === "stopped" || verdict === "budget_exceeded" || verdict === "succeeded") return undefined;
  switch (failure?.kind) {
    case "rate_limit":
    case "usage_limit":
    case "overload":
    case "connection":
    case "crash":
    case "timeout":
    case "incomplete":
    case "acceptance":
      return failure.kind;
    default:
      return undefined;
  }
}
