import type { InstancePlan, RunState, TokenUsage } from "@claude-orchestrator/domain";

/** The session to go on with, and the tokens this run has counted of it already (unknown for one older than the run). */
export interface SessionToResume {
  readonly session: string;
  readonly countedBefore?: TokenUsage;
}

/** Remembers, for one run, which named sessions exist and who began them. */
export class Sessions {
  readonly #toResume = new Map<string, string>();
  /** Instances whose session this run began itself, so that all of it has been counted here. */
  readonly #begunHere = new Set<string>();
  readonly #clashes = new Map<string, number>();

  /** For the next attempt of this instance: its own session, or that of the instance it follows; undefined to begin one. */
  toResume(state: RunState, instance: InstancePlan): SessionToResume | undefined {
    const own = this.#toResume.get(instance.name);
    if (own === undefined) return followed(state, instance);
    const spent = this.#begunHere.has(instance.name) ? state.instances.get(instance.name)?.spent : undefined;
    return spent === undefined ? { session: own } : { session: own, countedBefore: spent.usage };
  }

  /** How many attempts of the instance have ended because their session existed already, this one included. */
  countClash(instance: InstancePlan, hasClashed: boolean): number {
    const clashes = (this.#clashes.get(instance.name) ?? 0) + (hasClashed ? 1 : 0);
    this.#clashes.set(instance.name, clashes);
    return clashes;
  }

  /**
   * An attempt ended. A session of a given name exists once it has begun: a retry goes on in it, but for one that was to
   * begin anew.
   */
  ended(instance: InstancePlan, sessionId: string | undefined, end: { hasClashed: boolean; resumes: boolean }): void {
    const { id, clear } = instance.session;
    if (id === undefined || clear) return;
    if (!end.hasClashed && sessionId !== undefined) this.#begunHere.add(instance.name);
    if (this.#begunHere.has(instance.name) || end.resumes) this.#toResume.set(instance.name, id);
  }
}

/** What the instances before it in the session really had, the nearest first: one that never ran had none. */
function followed(state: RunState, instance: InstancePlan): SessionToResume | undefined {
  let { follows } = instance.session;
  while (follows !== undefined) {
    const before = follows;
    const session = state.instances.get(before)?.attempts.findLast((attempt) => attempt.sessionId)?.sessionId;
    if (session !== undefined) return { session };
    follows = state.plan.instances.find(({ name }) => name === before)?.session.follows;
  }
  return undefined;
}
