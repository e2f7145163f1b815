import { addUsage, noUsage } from "@claude-orchestrator/domain";
import type { AttemptState, InstancePlan, RunState, TokenUsage } from "@claude-orchestrator/domain";
import { isLostSession, wasCutOff } from "./attemptsMade.ts";

/** The session to go on with, and the tokens this run has counted of it already (unknown for one older than the run). */
export interface SessionToResume {
  readonly session: string;
  readonly countedBefore?: TokenUsage;
  /** Its work was cut off in the middle: it is told so, rather than asked for everything again. */
  readonly interrupted: boolean;
}

/**
 * The session the next attempt of an instance goes on with; undefined to begin one. All of it follows from the log, so a
 * later supervisor decides the same.
 *
 * @param made its attempts so far; `canResume` whether its agent can go on with a session at all
 */
export function sessionToResume(
  state: RunState,
  instance: InstancePlan,
  made: readonly AttemptState[],
  canResume: boolean,
): SessionToResume | undefined {
  const attempts = sinceLostSession(made);
  const cutOff = canResume ? interruptedSession(attempts) : undefined;
  if (cutOff !== undefined) return { session: cutOff, interrupted: true, ...countedOf(instance, attempts, cutOff) };
  return named(instance, attempts) ?? followed(state, instance);
}

/** A session that could not be found again is no session: what came before it counts for nothing. */
function sinceLostSession(made: readonly AttemptState[]): readonly AttemptState[] {
  return made.slice(made.findLastIndex((attempt, index) => isLostSession(attempt, made[index - 1])) + 1);
}

/** Of the attempts cut off last, one after the other, the newest that said its session: one may end before it says so. */
function interruptedSession(attempts: readonly AttemptState[]): string | undefined {
  const cutOff = attempts.slice(attempts.findLastIndex(({ end }) => end === undefined || !wasCutOff(end)) + 1);
  return cutOff.findLast(({ sessionId }) => sessionId !== undefined)?.sessionId;
}

/** A session of a given name exists once it has begun: what follows goes on in it, but for one that was to begin anew. */
function named({ session }: InstancePlan, attempts: readonly AttemptState[]): SessionToResume | undefined {
  const { id, clear } = session;
  if (id === undefined || clear) return undefined;
  const clashes = attempts.some(hasClashed);
  const begunHere = attempts.some((attempt) => attempt.sessionId !== undefined && !hasClashed(attempt));
  if (begunHere) return { session: id, interrupted: false, countedBefore: usageOf(attempts) };
  return clashes ? { session: id, interrupted: false } : undefined;
}

function hasClashed({ end }: AttemptState): boolean {
  return end?.failure?.kind === "session_in_use";
}

/** Not known of a session that another instance, or another run, began. */
function countedOf(
  { session }: InstancePlan,
  attempts: readonly AttemptState[],
  id: string,
): { readonly countedBefore?: TokenUsage } {
  if (session.resume || session.follows !== undefined) return {};
  return { countedBefore: usageOf(attempts.filter(({ sessionId }) => sessionId === id)) };
}

function usageOf(attempts: readonly AttemptState[]): TokenUsage {
  return attempts.reduce((sum, { spent }) => addUsage(sum, spent.usage), noUsage);
}

/** What the instances before it in the session really had, the nearest first: one that never ran had none. */
function followed(state: RunState, instance: InstancePlan): SessionToResume | undefined {
  let { follows } = instance.session;
  while (follows !== undefined) {
    const before = follows;
    const session = state.instances.get(before)?.attempts.findLast((attempt) => attempt.sessionId)?.sessionId;
    if (session !== undefined) return { session, interrupted: false };
    follows = state.plan.instances.find(({ name }) => name === before)?.session.follows;
  }
  return undefined;
}
