import { knownCost, nothingSpent, addSpending, totalTokens } from "@claude-orchestrator/domain";
import type { InstanceState, RunState, Spending } from "@claude-orchestrator/domain";

/** What a run has spent so far, all its instances together. */
export function spentOf(state: RunState): Spending {
  let sum = nothingSpent;
  for (const { spent } of state.instances.values()) sum = addSpending(sum, spent);
  return sum;
}

export interface Totals {
  readonly tokens: number;
  /** Dollars, of what has a known price. */
  readonly cost: number;
  /** True where the figures are at least that. */
  readonly isBound: boolean;
}

export function totalsOf(state: RunState): Totals {
  const spent = spentOf(state);
  const isUnpriced = spent.costUsd === undefined && totalTokens(spent.usage) > 0;
  return { tokens: totalTokens(spent.usage), cost: knownCost(spent), isBound: !spent.final || isUnpriced };
}

/** The word for where an instance stands: its phase, and its verdict once it has one. */
export function standingOf({ phase }: Pick<InstanceState, "phase">): string {
  return phase.status === "settled" ? phase.verdict : phase.status;
}

/** How many instances stand where, in the order in which they are first met. */
export function countStandings(state: RunState): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const instance of state.instances.values()) {
    const standing = standingOf(instance);
    counts.set(standing, (counts.get(standing) ?? 0) + 1);
  }
  return counts;
}

/** Where the run as a whole stands: one word, that the list of runs uses as well. */
export function runStanding(state: RunState): string {
  if (state.phase.status === "settled") return state.phase.outcome;
  return state.phase.status === "running" && state.paused !== undefined ? "paused" : state.phase.status;
}
