import {
  isSameLimit,
  knownCost,
  limitCovers,
  limitStanding,
  spentApart,
  spentByAll,
  totalTokens,
} from "@claude-orchestrator/domain";
import type { BudgetLimit, BudgetScope, InstanceState, RunState, Spending } from "@claude-orchestrator/domain";
import type { SpendingStep } from "./spendingSteps.ts";

/** A limit, and what is taken of it, in its own unit. */
export interface BudgetUse {
  readonly limit: BudgetLimit;
  readonly spent: number;
  /** Set aside for requests under way. */
  readonly reserved: number;
  /** Below 0 where more was spent than it allows. */
  readonly left: number;
}

/** Every limit of the run's plan. `now` in ms since 1970: what is older than a window no longer counts in it. */
export function budgetUse(state: RunState, steps: readonly SpendingStep[], now: number): readonly BudgetUse[] {
  return state.plan.limits.map((limit) => {
    const covered = state.plan.instances.filter((instance) => limitCovers(limit, instance));
    const instances = covered.flatMap(({ name }) => state.instances.get(name) ?? []);
    const spent = spentByAll(state, limit, spentOf(limit, instances, recent(limit.scope, steps, now)));
    const reserved = limitStanding(state, limit, spent).requests?.reserved ?? 0;
    return { limit, spent, reserved, left: limit.limit - spent - reserved };
  });
}

function recent(scope: BudgetScope, steps: readonly SpendingStep[], now: number): readonly SpendingStep[] | undefined {
  return scope.kind === "window" ? steps.filter(({ at }) => at > now - scope.windowMs) : undefined;
}

function spentOf(
  limit: BudgetLimit,
  instances: readonly InstanceState[],
  steps: readonly SpendingStep[] | undefined,
): number {
  const { unit } = limit;
  if (steps !== undefined) return steps.reduce((sum, { tokens, cost }) => sum + (unit === "tokens" ? tokens : cost), 0);
  const amount = (spent: Spending): number => (unit === "tokens" ? totalTokens(spent.usage) : knownCost(spent));
  const apart = spentApart(limit, instances);
  // Each is counted by itself: the dearest is nearest to the limit.
  if (apart !== undefined) return Math.max(0, ...apart.map(amount));
  return instances.reduce((sum, { spent }) => sum + amount(spent), 0);
}

/** What of one limit is taken, as far as this run tells: what other runs took of it was told when it was spent. */
export function takenOf(state: RunState, steps: readonly SpendingStep[], limit: BudgetLimit): number {
  const use = budgetUse(state, steps, state.lastAt).find((each) => isSameLimit(each.limit, limit));
  const told = state.budgetNotes.findLast((note) => note.kind === "exceeded" && isSameLimit(note, limit))?.used ?? 0;
  return Math.max(told, (use?.spent ?? 0) + (use?.reserved ?? 0));
}
