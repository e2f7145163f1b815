import { knownCost, limitCovers, totalTokens } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstancePlan, Spending } from "@claude-orchestrator/domain";

/*
 * Budgets on the stream path. What is counted is what the agents have told so far, so a limit can be overshot by the
 * requests in flight when it is reached: one per running agent (and per sub-agent of it). Nothing more is promised here.
 *
 * 1. An attempt's spending is counted once: `record` takes totals of the attempt and adds only what is new.
 * 2. A limit's `used` never shrinks, but for a window's, which forgets what is older than the window.
 * 3. Each threshold of a limit is told once.
 */

export const warnThresholds = [0.8, 1] as const;

/** State of one limit, with what was spent against it. */
export interface LimitState {
  readonly limit: BudgetLimit;
  readonly used: number;
}

export interface Spender {
  /** Unique per attempt. */
  readonly key: string;
  readonly instance: InstancePlan;
}

interface Account {
  readonly limit: BudgetLimit;
  used: number;
  /** Index into `warnThresholds` of the next one to tell. */
  nextThreshold: number;
  /** For windows: what was added when, oldest first. */
  entries: { readonly at: number; readonly amount: number }[];
}

export class Ledger {
  readonly #accounts: readonly Account[];
  readonly #counted = new Map<string, { tokens: number; costUsd: number }>();

  constructor(limits: readonly BudgetLimit[]) {
    this.#accounts = limits.map((limit) => ({ limit, used: 0, nextThreshold: 0, entries: [] }));
  }

  /**
   * Counts what an attempt has spent so far. `now` in ms on the monotonic clock.
   * Gives the thresholds newly reached, for a warning each.
   */
  record(spender: Spender, spent: Spending, now: number): readonly (LimitState & { readonly threshold: number })[] {
    if (this.#accounts.length === 0) return [];
    const before = this.#counted.get(spender.key) ?? { tokens: 0, costUsd: 0 };
    const after = { tokens: totalTokens(spent.usage), costUsd: knownCost(spent) };
    this.#counted.set(spender.key, after);
    const reached: (LimitState & { threshold: number })[] = [];
    for (const account of this.#accounts) {
      if (!limitCovers(account.limit, spender.instance)) continue;
      const amount = account.limit.unit === "tokens" ? after.tokens - before.tokens : after.costUsd - before.costUsd;
      if (amount !== 0) add(account, amount, now);
      reached.push(...newThresholds(account));
    }
    return reached;
  }

  /** Counts what an earlier supervisor saw an attempt spend, `at` on this clock (before now: it may be negative). */
  restore(spender: Spender, spent: Spending, at: number): void {
    const told = { tokens: totalTokens(spent.usage), costUsd: knownCost(spent) };
    this.#counted.set(spender.key, told);
    for (const account of this.#accounts) {
      if (!limitCovers(account.limit, spender.instance)) continue;
      const amount = account.limit.unit === "tokens" ? told.tokens : told.costUsd;
      if (amount !== 0) add(account, amount, at);
    }
  }

  /** So many of the limit's thresholds have been told already. */
  restoreTold(limit: BudgetLimit, thresholds: number): void {
    const account = this.#accounts.find((each) => each.limit === limit);
    if (account !== undefined) account.nextThreshold = thresholds;
  }

  /** Limits of that enforcement which are spent, covering this instance: nothing of it may start. */
  spent(instance: InstancePlan, enforcement: "block" | "pause", now: number): readonly LimitState[] {
    return this.#states(now, ({ limit, used }) => {
      return limit.enforcement === enforcement && limitCovers(limit, instance) && used >= limit.limit;
    });
  }

  /** Limits that block and are crossed, covering this instance: what runs of it must stop. */
  crossed(instance: InstancePlan, now: number): readonly LimitState[] {
    return this.#states(now, ({ limit, used }) => {
      return limit.enforcement === "block" && limitCovers(limit, instance) && used > limit.limit;
    });
  }

  /** In how many ms a spent window has room again; undefined for a limit that never frees by itself. */
  freesIn(limit: BudgetLimit, now: number): number | undefined {
    const account = this.#accounts.find((each) => each.limit === limit);
    if (account === undefined || limit.scope.kind !== "window") return undefined;
    forgetOld(account, now);
    let used = account.used;
    for (const entry of account.entries) {
      if (used < limit.limit) break;
      used -= entry.amount;
      if (used < limit.limit) return Math.max(0, entry.at + limit.scope.windowMs - now);
    }
    return 0;
  }

  #states(now: number, wanted: (state: LimitState) => boolean): readonly LimitState[] {
    const states: LimitState[] = [];
    for (const account of this.#accounts) {
      forgetOld(account, now);
      const state = { limit: account.limit, used: account.used };
      if (wanted(state)) states.push(state);
    }
    return states;
  }
}

function add(account: Account, amount: number, now: number): void {
  account.used += amount;
  if (account.limit.scope.kind === "window") account.entries.push({ at: now, amount });
}

function forgetOld(account: Account, now: number): void {
  if (account.limit.scope.kind !== "window") return;
  const horizon = now - account.limit.scope.windowMs;
  let forgotten = 0;
  for (const entry of account.entries) {
    if (entry.at > horizon) break;
    account.used -= entry.amount;
    forgotten += 1;
  }
  if (forgotten === 0) return;
  account.entries.splice(0, forgotten);
  if (account.entries.length === 0) account.used = 0;
}

function newThresholds(account: Account): (LimitState & { threshold: number })[] {
  const reached: (LimitState & { threshold: number })[] = [];
  for (;;) {
    const threshold = warnThresholds[account.nextThreshold];
    if (threshold === undefined || account.used < threshold * account.limit.limit) return reached;
    account.nextThreshold += 1;
    reached.push({ limit: account.limit, used: account.used, threshold });
  }
}
