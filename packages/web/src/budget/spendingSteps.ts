import { knownCost, totalTokens } from "@claude-orchestrator/domain";
import type { LoggedEvent, Spending } from "@claude-orchestrator/domain";

/** Something was told to have been spent, at this moment (ms since 1970). */
export interface SpendingStep {
  readonly at: number;
  readonly tokens: number;
  /** In dollars, of what has a known price. */
  readonly cost: number;
}

/** Of more steps, two that follow each other are told as one: no drawing has room for all of them, and no page for a day's. */
export const mostSteps = 10_000;

/** When a run's money went, oldest first. What is told are totals of an attempt: each step is what one adds to the one before. */
export class SpendingHistory {
  readonly #told = new Map<string, { readonly tokens: number; readonly cost: number }>();
  readonly #metered = new Set<string>();
  #steps: SpendingStep[] = [];
  #given: readonly SpendingStep[] | undefined;

  /** Another list only where something was spent since. */
  get steps(): readonly SpendingStep[] {
    this.#given ??= [...this.#steps];
    return this.#given;
  }

  take(event: LoggedEvent): void {
    if (event.type === "request-settled") {
      this.#metered.add(keyOf(event));
      this.#add({ at: event.at, tokens: totalTokens(event.usage), cost: event.costUsd ?? 0 });
    } else if (event.type === "attempt-progressed" || event.type === "attempt-ended") {
      // What the gateway counted is not counted again by what the agent tells.
      if (this.#metered.has(keyOf(event))) return;
      const now = amountOf(event.spent);
      const before = this.#told.get(keyOf(event)) ?? { tokens: 0, cost: 0 };
      this.#told.set(keyOf(event), now);
      this.#add({ at: event.at, tokens: now.tokens - before.tokens, cost: now.cost - before.cost });
    }
  }

  #add(step: SpendingStep): void {
    if (step.tokens === 0 && step.cost === 0) return;
    this.#steps.push(step);
    this.#given = undefined;
    if (this.#steps.length > mostSteps) this.#steps = inPairs(this.#steps);
  }
}

/** As `SpendingHistory`, of a log that is here as a whole. */
export function spendingSteps(events: readonly LoggedEvent[]): readonly SpendingStep[] {
  const history = new SpendingHistory();
  for (const event of events) history.take(event);
  return history.steps;
}

function inPairs(steps: readonly SpendingStep[]): SpendingStep[] {
  return steps.flatMap((step, index) => {
    const next = steps[index + 1];
    if (index % 2 === 1) return [];
    return next === undefined ? step : { at: next.at, tokens: step.tokens + next.tokens, cost: step.cost + next.cost };
  });
}

function keyOf({ instance, attempt }: { readonly instance: string; readonly attempt: number }): string {
  return `${attempt}\n${instance}`;
}

function amountOf(spent: Spending): { readonly tokens: number; readonly cost: number } {
  return { tokens: totalTokens(spent.usage), cost: knownCost(spent) };
}
