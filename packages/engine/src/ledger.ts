import { knownCost, limitCovers, totalTokens } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstancePlan, RequestAmount, Spending } from "@claude-orchestrator/domain";

/*
 * Budgets on two paths. On the stream path what is counted is what the agents have told so far, so a limit can be overshot by
 * the requests in flight when it is reached: one per running agent (and per sub-agent of it). Nothing more is promised there.
 * On the gateway's path a request is sent only once the most it can cost is set aside in every limit that covers it.
 *
 * 1. An attempt's spending is counted once: `record` takes totals of the attempt and adds only what is new.
 * 2. A limit's `used` never shrinks, but for a window's, which forgets what is older than the window.
 * 3. Each threshold of a limit is told once.
 * 4. A request is set aside in all limits that cover it or in none, and given back once, whatever became of it.
 * 5. Where each request costs at most what was set aside for it, and nothing else spends, what is `used` of a limit that
 *    blocks or pauses never exceeds it.
 */

export const warnThresholds = [0.8, 1] as const;

/** State of one limit, with what was spent against it. */
export interface LimitState {
  readonly limit: BudgetLimit;
  readonly used: number;
}

/** A limit without room for a request. */
export interface Shortfall extends LimitState {
  /** What is set aside in it for requests under way. */
  readonly reserved: number;
  /** What the request needs of it. */
  readonly need: number;
  /**
   * spent: it does not fit beside what was spent. reserved: it would, but for what is set aside for others, some of which
   * comes back. unpriced: nobody knows what it costs.
   */
  readonly why: "spent" | "reserved" | "unpriced";
}

export interface Spender {
  /** Unique per attempt. */
  readonly key: string;
  readonly instance: InstancePlan;
}

interface Account {
  readonly limit: BudgetLimit;
  used: number;
  /** Set aside for requests under way, by their keys. */
  readonly held: Map<string, number>;
  /** Index into `warnThresholds` of the next one to tell. */
  nextThreshold: number;
  /** For windows: what was added when, oldest first. */
  entries: { readonly at: number; readonly amount: number }[];
}

export class Ledger {
  readonly #accounts: readonly Account[];
  readonly #counted = new Map<string, { tokens: number; costUsd: number }>();

  constructor(limits: readonly BudgetLimit[]) {
    this.#accounts = limits.map((limit) => ({ limit, used: 0, held: new Map(), nextThreshold: 0, entries: [] }));
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
      if (amount === 0) continue;
      add(account, amount, at);
      // Attempts come in the plan's order: what is forgotten first must stand first.
      account.entries.sort((a, b) => a.at - b.at);
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

  /**
   * Sets the most a request can cost aside in every limit that covers the instance (4). Where one that blocks or pauses has no
   * room for it nothing is set aside, and the limit is the answer: of several the one that is hardest to satisfy.
   *
   * @param key unique per request
   */
  reserve({ key, instance }: Spender, worst: RequestAmount, now: number): Shortfall | undefined {
    const covering = this.#accounts.filter(({ limit }) => limitCovers(limit, instance));
    const short = covering.flatMap((account) => shortfall(account, worst, now) ?? []);
    const [hardest] = short.toSorted((a, b) => hardness(b) - hardness(a));
    if (hardest !== undefined) return hardest;
    for (const account of covering) account.held.set(key, amountIn(account, worst) ?? 0);
    return undefined;
  }

  /** Gives back what was set aside for the request. What it really cost is counted by `record`. */
  release(key: string): void {
    for (const account of this.#accounts) account.held.delete(key);
  }

  /** Every limit with what is spent and set aside. */
  standing(now: number): readonly (LimitState & { readonly reserved: number })[] {
    return this.#accounts.map((account) => {
      forgetOld(account, now);
      return { limit: account.limit, used: account.used, reserved: reservedOf(account) };
    });
  }

  /**
   * In how many ms a spent window has room again; undefined for a limit that never frees by itself, or not for so much.
   *
   * @param need how much room; without it: any
   */
  freesIn(limit: BudgetLimit, now: number, need = 0): number | undefined {
    const account = this.#accounts.find((each) => each.limit === limit);
    if (account === undefined || limit.scope.kind !== "window" || need > limit.limit) return undefined;
    forgetOld(account, now);
    const hasRoom = (used: number): boolean => (need === 0 ? used < limit.limit : used + need <= limit.limit);
    let used = account.used;
    for (const entry of account.entries) {
      if (hasRoom(used)) break;
      used -= entry.amount;
      if (hasRoom(used)) return Math.max(0, entry.at + limit.scope.windowMs - now);
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

function amountIn({ limit }: Account, { tokens, costUsd }: RequestAmount): number | undefined {
  return limit.unit === "tokens" ? tokens : costUsd;
}

function reservedOf({ held }: Account): number {
  let sum = 0;
  for (const amount of held.values()) sum += amount;
  return sum;
}

/** Sums of dollars are off by the last digits of a float: a request is not refused for those. */
const rounding = 1e-9;

function shortfall(account: Account, worst: RequestAmount, now: number): Shortfall | undefined {
  const { limit } = account;
  if (limit.enforcement === "warn") return undefined;
  forgetOld(account, now);
  const { used } = account;
  const need = amountIn(account, worst);
  const reserved = reservedOf(account);
  if (need === undefined) return { limit, used, reserved, need: 0, why: "unpriced" };
  const most = limit.limit * (1 + rounding);
  if (used + need > most) return { limit, used, reserved, need, why: "spent" };
  return used + reserved + need > most ? { limit, used, reserved, need, why: "reserved" } : undefined;
}

/** What no waiting can help comes first, what blocks before what pauses. */
function hardness({ why, limit }: Shortfall): number {
  const blocks = limit.enforcement === "block" ? 1 : 0;
  return { unpriced: 4, spent: 2, reserved: 0 }[why] + blocks;
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
