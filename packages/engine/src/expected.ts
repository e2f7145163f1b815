import { formatAmount, knownCost, limitCovers, scopeWords, totalTokens } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstancePlan, Spending } from "@claude-orchestrator/domain";
import type { LimitState } from "./ledgerAccount.ts";

/** An instance that runs, and what it has spent so far. */
export interface UnderWay {
  readonly instance: InstancePlan;
  readonly spent: Spending;
}

/** A limit that has no room for what an instance is expected to take. */
export interface ExpectedShortfall {
  readonly limit: BudgetLimit;
  readonly need: number;
  readonly reason: string;
  /** True: what is spent alone leaves too little. False: it may fit once what runs has taken less than expected of it. */
  readonly isForGood: boolean;
}

/**
 * The first limit, of those that block or pause, in which the instance's `expected` does not fit beside what is spent and what is
 * still expected, or set aside, of those under way; undefined where it fits, or nothing is expected. What does not fit for good
 * comes first.
 */
export function expectedShortfall(
  instance: InstancePlan,
  underWay: readonly UnderWay[],
  standing: readonly (LimitState & { readonly reserved: number })[],
): ExpectedShortfall | undefined {
  const short = standing.flatMap(({ limit, used, reserved }): readonly ExpectedShortfall[] => {
    const need = amountOf(limit, instance.expected);
    if (limit.enforcement === "warn" || need === undefined || !limitCovers(limit, instance)) return [];
    const others = Math.max(reserved, stillExpected(limit, underWay));
    if (used + others + need <= limit.limit) return [];
    const isForGood = used + need > limit.limit;
    return [{ limit, need, isForGood, reason: reasonOf(limit, { used, need, others: isForGood ? 0 : others }) }];
  });
  return short.find(({ isForGood }) => isForGood) ?? short[0];
}

function stillExpected(limit: BudgetLimit, underWay: readonly UnderWay[]): number {
  return underWay.reduce((sum, { instance, spent }) => {
    const expected = limitCovers(limit, instance) ? amountOf(limit, instance.expected) : undefined;
    const soFar = limit.unit === "tokens" ? totalTokens(spent.usage) : knownCost(spent);
    return sum + Math.max(0, (expected ?? 0) - soFar);
  }, 0);
}

function amountOf({ unit }: BudgetLimit, expected: InstancePlan["expected"]): number | undefined {
  return unit === "tokens" ? expected?.tokens : expected?.costUsd;
}

function reasonOf(
  limit: BudgetLimit,
  { used, need, others }: { readonly used: number; readonly need: number; readonly others: number },
): string {
  const amount = (value: number): string => formatAmount(limit.unit, value);
  const beside = others === 0 ? "" : ` and ${amount(others)} expected of what runs`;
  return `the budget of ${scopeWords(limit.scope)} has no room for the p90 of its forecast, ${amount(need)}: ${amount(used)} of ${amount(limit.limit)} is spent${beside}`;
}
