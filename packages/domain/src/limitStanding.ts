import { isApart, isSameLimit, isShared, limitCovers } from "./budget.ts";
import type { Spending } from "./events.ts";
import type { InstanceState } from "./instanceState.ts";
import type { RequestAmount } from "./modelRequest.ts";
import type { BudgetLimit } from "./plan.ts";
import type { RunState } from "./runState.ts";

/** Where a limit stands, in its own unit. */
export interface LimitStanding {
  readonly spent: number;
  /** What neither is spent nor set aside; at most that, where `spent` is a lower bound. Never below zero. */
  readonly left: number;
  /** Set where requests of what it covers go through the gateway. */
  readonly requests?: {
    /** What is set aside for those under way. */
    readonly reserved: number;
    /** How many are under way. */
    readonly open: number;
    /** How many did not fit this limit and were not sent, as far as the log names it. */
    readonly refused: number;
  };
}

/**
 * What of a limit is spent, set aside and left. `spent` comes from whoever counts it: of a rolling window the folded run does not
 * tell when what was spent.
 */
export function limitStanding(state: RunState, limit: BudgetLimit, spent: number): LimitStanding {
  const covered = state.plan.instances.filter((instance) => limitCovers(limit, instance));
  const attempts = covered.flatMap(({ name }) => state.instances.get(name)?.attempts ?? []);
  const seen = attempts.flatMap(({ requests }) => requests ?? []);
  if (seen.length === 0) return { spent, left: Math.max(0, limit.limit - spent) };
  const open = seen.map((requests) => Object.values(requests.open));
  const sums = open.map((requests) => requests.reduce((sum, worst) => sum + amountOf(limit, worst), 0));
  // What counts for each attempt by itself is told of the one that has the most.
  const reserved = isApart(limit) ? Math.max(...sums) : sums.reduce((sum, each) => sum + each, 0);
  const refusals = seen.flatMap(({ refusedBy }) => refusedBy.filter((each) => isSameLimit(each, limit)));
  const refused = refusals.reduce((sum, { count }) => sum + count, 0);
  const left = Math.max(0, limit.limit - spent - reserved);
  return { spent, left, requests: { reserved, open: open.flat().length, refused } };
}

/**
 * What is spent of a limit by whoever counts in it, where this run has spent `own`: of one over all runs, what others have was
 * last seen in the ledger they share. Where nobody looked yet it is this run's part.
 */
export function spentByAll({ budgetsObserved }: RunState, limit: BudgetLimit, own: number): number {
  const seen = isShared(limit) ? budgetsObserved.find((each) => isSameLimit(each, limit)) : undefined;
  // Not `used` alone: this run has gone on since, and some of what it spent may have been on another day.
  return seen === undefined ? own : Math.max(0, seen.used - seen.ofRun + own);
}

/** What each attempt, or each sub-agent, has spent by itself; undefined for a limit that counts all together. */
export function spentApart(
  { scope }: BudgetLimit,
  instances: readonly InstanceState[],
): readonly Spending[] | undefined {
  if (!isApart({ scope })) return undefined;
  return instances.flatMap(({ attempts }) =>
    attempts.flatMap(({ spent, requests }) =>
      scope.kind === "attempt" ? [spent] : Object.values(requests?.subAgents ?? {}).map((each) => each.spent),
    ),
  );
}

/** What has no known price sets nothing aside in a limit in dollars: it is let through uncounted, or not at all. */
function amountOf({ unit }: BudgetLimit, { tokens, costUsd = 0 }: RequestAmount): number {
  return unit === "tokens" ? tokens : costUsd;
}
