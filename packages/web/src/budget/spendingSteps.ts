import { knownCost, totalTokens } from "@claude-orchestrator/domain";
import type { LoggedEvent, Spending } from "@claude-orchestrator/domain";

/** Something was told to have been spent, at this moment (ms since 1970). */
export interface SpendingStep {
  readonly at: number;
  readonly instance: string;
  readonly tokens: number;
  /** In dollars, of what has a known price. */
  readonly cost: number;
}

/** When a run's money went, oldest first. What is told are totals of an attempt: each step is what one adds to the one before. */
export function spendingSteps(events: readonly LoggedEvent[]): readonly SpendingStep[] {
  const told = new Map<string, { readonly tokens: number; readonly cost: number }>();
  const metered = new Set<string>();
  const steps: SpendingStep[] = [];
  const add = (event: { at: number; instance: string }, tokens: number, cost: number): void => {
    if (tokens !== 0 || cost !== 0) steps.push({ at: event.at, instance: event.instance, tokens, cost });
  };
  for (const event of events) {
    if (event.type === "request-settled") {
      metered.add(keyOf(event));
      add(event, totalTokens(event.usage), event.costUsd ?? 0);
    } else if (event.type === "attempt-progressed" || event.type === "attempt-ended") {
      // What the gateway counted is not counted again by what the agent tells.
      if (metered.has(keyOf(event))) continue;
      const now = amountOf(event.spent);
      const before = told.get(keyOf(event)) ?? { tokens: 0, cost: 0 };
      told.set(keyOf(event), now);
      add(event, now.tokens - before.tokens, now.cost - before.cost);
    }
  }
  return steps;
}

function keyOf({ instance, attempt }: { readonly instance: string; readonly attempt: number }): string {
  return `${attempt}\n${instance}`;
}

function amountOf(spent: Spending): { readonly tokens: number; readonly cost: number } {
  return { tokens: totalTokens(spent.usage), cost: knownCost(spent) };
}
