import { formatSettingDuration, knownCost, limitCovers, totalTokens } from "@claude-orchestrator/domain";
import type { BudgetLimit, BudgetScope, InstanceState, RunState } from "@claude-orchestrator/domain";
import type { SpendingStep } from "../spendingSteps.ts";

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
    const spent = spentOf(limit, instances, recent(limit.scope, steps, now));
    const reserved = instances.reduce((sum, instance) => sum + reservedOf(limit, instance), 0);
    return { limit, spent, reserved, left: limit.limit - spent - reserved };
  });
}

function recent(scope: BudgetScope, steps: readonly SpendingStep[], now: number): readonly SpendingStep[] | undefined {
  return scope.kind === "window" ? steps.filter(({ at }) => at > now - scope.windowMs) : undefined;
}

function spentOf(
  { unit }: BudgetLimit,
  instances: readonly InstanceState[],
  steps: readonly SpendingStep[] | undefined,
): number {
  if (steps !== undefined) return steps.reduce((sum, { tokens, cost }) => sum + (unit === "tokens" ? tokens : cost), 0);
  return instances.reduce(
    (sum, { spent }) => sum + (unit === "tokens" ? totalTokens(spent.usage) : knownCost(spent)),
    0,
  );
}

function reservedOf({ unit }: BudgetLimit, { attempts }: InstanceState): number {
  const open = Object.values(attempts.at(-1)?.requests?.open ?? {});
  return open.reduce((sum, { tokens, costUsd = 0 }) => sum + (unit === "tokens" ? tokens : costUsd), 0);
}

/** "the run", "all of /review", "lint", "any 5h". */
export function scopeWords(scope: BudgetScope): string {
  switch (scope.kind) {
    case "run":
      return "the run";
    case "command":
      return `all of ${scope.command}`;
    case "instance":
      return scope.instance;
    case "window":
      return `any ${formatSettingDuration(scope.windowMs)}`;
  }
}
