import type { Conversation } from "./conversation.ts";
import type { Step } from "./step.ts";

/** One scripted way for a model to behave. */
export interface Scenario {
  /** One sentence for `GET /__scenarios`. */
  readonly about: string;
  readonly step: (context: StepContext) => Step;
}

export type Scenarios = Readonly<Record<string, Scenario>>;

export interface StepContext {
  readonly conversation: Conversation;
  /** Same as the conversation's: model turns since the last prompt. */
  readonly turn: number;
  /** Which request this is of its run, scenario, prompt and turn: 1 is the first, 2 the first retry. */
  readonly attempt: number;
  /** Seconds since 1970, for headers that name a moment. */
  readonly nowSeconds: number;
}

/** A scenario that always answers the same. */
export function always(about: string, answer: Step): Scenario {
  return { about, step: () => answer };
}

/** A scenario with one answer per turn; the last one repeats. */
export function inTurns(about: string, first: Step, ...rest: readonly Step[]): Scenario {
  const steps = [first, ...rest];
  return { about, step: ({ turn }) => steps[Math.min(turn, steps.length - 1)] ?? first };
}

/** As `inTurns`, but counted over the whole conversation: a notice about background work does not start it anew. */
export function inTurnsOfAll(about: string, first: Step, ...rest: readonly Step[]): Scenario {
  const steps = [first, ...rest];
  return {
    about,
    step: ({ conversation }) => steps[Math.min(conversation.turns, steps.length - 1)] ?? first,
  };
}

/** A scenario whose first `times` requests get `first`, and the retries after them `then`. */
export function untilRetried(about: string, times: number, first: Step, then: Step): Scenario {
  return { about, step: ({ attempt }) => (attempt <= times ? first : then) };
}
