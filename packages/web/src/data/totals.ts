import { knownCost, totalTokens } from "@claude-orchestrator/domain";
import type { InstanceState, RunState } from "@claude-orchestrator/domain";

export interface Totals {
  readonly tokens: number;
  /** Dollars, of what has a known price. */
  readonly cost: number;
  /** True where the figures are at least that. */
  readonly isBound: boolean;
}

/** What a run has spent so far, all its instances together. */
export function totalsOf(state: RunState): Totals {
  let [tokens, cost, isBound] = [0, 0, false];
  for (const { spent } of state.instances.values()) {
    const own = totalTokens(spent.usage);
    tokens += own;
    cost += knownCost(spent);
    isBound ||= !spent.final || (spent.costUsd === undefined && own > 0);
  }
  return { tokens, cost, isBound };
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
