import {
  isShared,
  knownCost,
  limitCovers,
  limitStanding,
  spentApart,
  spentByAll,
  startOf,
  totalTokens,
} from "@claude-orchestrator/domain";
import type { BudgetLimit, LimitStanding, LoggedEvent, RunState, Spending } from "@claude-orchestrator/domain";

/** How much of one limit is used, and what is left of it. */
export interface BudgetUse extends Pick<LimitStanding, "left" | "requests"> {
  readonly limit: BudgetLimit;
  readonly used: number;
  /** `used` by the limit; 1 is all of it. */
  readonly share: number;
  /**
   * False where more was spent than `used` says: a model without a known price spent against a limit in dollars, or an
   * agent has not told its own totals: it still runs, or it ended before; or other runs count against it as well.
   */
  readonly complete: boolean;
  /** Models that spent against this limit in dollars and whose price is not known: nothing of it is in `used`. */
  readonly unpriced: readonly string[];
}

interface Amounts {
  readonly tokens: number;
  readonly costUsd: number;
}

/** What was spent when, by the second, for limits over a rolling window. Older than the longest window is forgotten. */
export class SpendingHistory {
  readonly #keepMs: number;
  readonly #counted = new Map<string, Amounts>();
  #entries: (Amounts & { readonly at: number })[] = [];

  constructor(limits: readonly BudgetLimit[]) {
    this.#keepMs = longestWindow(limits);
  }

  /** Counts what an event adds; a total that is told again adds nothing. */
  add(event: LoggedEvent): void {
    if (this.#keepMs === 0 || (event.type !== "attempt-progressed" && event.type !== "attempt-ended")) return;
    const key = `${event.attempt} ${event.instance}`;
    const before = this.#counted.get(key) ?? { tokens: 0, costUsd: 0 };
    const after = amounts(event.spent);
    this.#counted.set(key, after);
    const added = { tokens: after.tokens - before.tokens, costUsd: after.costUsd - before.costUsd };
    if (added.tokens !== 0 || added.costUsd !== 0) this.#enter(event.at, added);
  }

  /** Spent after `since`, ms since 1970. */
  spentSince(since: number): Amounts {
    const recent = this.#entries.filter(({ at }) => at > since);
    return { tokens: sum(recent.map(({ tokens }) => tokens)), costUsd: sum(recent.map(({ costUsd }) => costUsd)) };
  }

  #enter(at: number, added: Amounts): void {
    const last = this.#entries.at(-1);
    if (last === undefined || at - last.at >= 1000) {
      this.#entries = [...this.#entries.filter((entry) => entry.at > at - this.#keepMs), { at, ...added }];
      return;
    }
    const merged = { at: last.at, tokens: last.tokens + added.tokens, costUsd: last.costUsd + added.costUsd };
    this.#entries[this.#entries.length - 1] = merged;
  }
}

/** The longest window among the plan's limits, in ms; 0 where there is none. */
function longestWindow(limits: readonly BudgetLimit[]): number {
  return Math.max(0, ...limits.map(({ scope }) => (scope.kind === "window" ? scope.windowMs : 0)));
}

/** Every limit of the plan with what is used of it, in the plan's order. `now` in ms since 1970. */
export function budgetUses(state: RunState, history: SpendingHistory, now: number): readonly BudgetUse[] {
  return state.plan.limits.map((limit) => budgetUse(state, history, limit, now));
}

function budgetUse(state: RunState, history: SpendingHistory, limit: BudgetLimit, now: number): BudgetUse {
  const key = limit.unit === "tokens" ? "tokens" : "costUsd";
  const covered = state.plan.instances.filter((instance) => limitCovers(limit, instance));
  const instances = covered.flatMap(({ name }) => state.instances.get(name) ?? []);
  const spent = instances.map((instance) => instance.spent);
  const apart = spentApart(limit, instances);
  const own =
    limit.scope.kind === "window"
      ? history.spentSince(now - limit.scope.windowMs)[key]
      : apart === undefined
        ? sum(spent.map((each) => amounts(each)[key]))
        : // The dearest of them is nearest to the limit.
          Math.max(0, ...apart.map((each) => amounts(each)[key]));
  const used = spentByAll(state, limit, own);
  const unpriced = limit.unit === "tokens" ? [] : [...new Set(spent.flatMap(unpricedModels))];
  const isFinal = spent.every(({ final }) => final);
  const { left, requests } = limitStanding(state, limit, used);
  return {
    limit,
    used,
    left,
    ...(requests === undefined ? {} : { requests }),
    share: limit.limit > 0 ? used / limit.limit : used > 0 ? Number.POSITIVE_INFINITY : 1,
    // What other runs spend of it is known as of the last look.
    complete: unpriced.length === 0 && isFinal && !isShared(limit),
    unpriced,
  };
}

function unpricedModels(spent: Spending): readonly string[] {
  const models = Object.entries(spent.byModel).flatMap(([model, { costUsd }]) =>
    costUsd === undefined ? [model] : [],
  );
  return models.length === 0 && spent.costSource === "unknown" ? ["a model that was not named"] : models;
}

function amounts(spent: Spending): Amounts {
  return { tokens: totalTokens(spent.usage), costUsd: knownCost(spent) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Now, for a run that is over; else the time given. Keeps a summary the same however late it is printed. */
export function momentOf(state: RunState, now: number): number {
  return state.phase.status === "settled" ? state.phase.at : Math.max(now, startOf(state));
}
