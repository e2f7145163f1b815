import type { BudgetLimit, RequestAmount } from "@claude-orchestrator/domain";

export const warnThresholds = [0.8, 1] as const;

/** State of one limit, with what was spent against it. */
export interface LimitState {
  readonly limit: BudgetLimit;
  readonly used: number;
  /** Which of the purses that the limit counts by themselves; "" where it counts all together. */
  readonly purse: string;
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

/** Sums of dollars are off by the last digits of a float: a request is not refused for those. */
const rounding = 1e-9;

/** What was spent and is set aside against one limit, or against one purse of it. Times in ms on the monotonic clock. */
export class Account {
  /** Index into `warnThresholds` of the next one to tell. */
  nextThreshold = 0;
  readonly #purse: string;
  #used = 0;
  /** Set aside for requests under way, by their keys. */
  readonly #held = new Map<string, number>();
  /** For windows: what was added when, oldest first. */
  #entries: { readonly at: number; readonly amount: number }[] = [];

  constructor(purse: string) {
    this.#purse = purse;
  }

  add({ scope }: BudgetLimit, amount: number, at: number): void {
    this.#used += amount;
    if (scope.kind !== "window") return;
    const isLate = at < (this.#entries.at(-1)?.at ?? at);
    this.#entries.push({ at, amount });
    // Attempts are restored in the plan's order: what is forgotten first must stand first.
    if (isLate) this.#entries.sort((a, b) => a.at - b.at);
  }

  usedAt(limit: BudgetLimit, now: number): number {
    this.#forgetOld(limit, now);
    return this.#used;
  }

  hold(key: string, { unit }: BudgetLimit, worst: RequestAmount): void {
    this.#held.set(key, amountIn(unit, worst) ?? 0);
  }

  release(key: string): void {
    this.#held.delete(key);
  }

  get reserved(): number {
    let sum = 0;
    for (const amount of this.#held.values()) sum += amount;
    return sum;
  }

  shortfall(limit: BudgetLimit, worst: RequestAmount, now: number): Shortfall | undefined {
    if (limit.enforcement === "warn") return undefined;
    const { reserved } = this;
    return shortfallOf({ limit, used: this.usedAt(limit, now), reserved, purse: this.#purse }, worst);
  }

  newThresholds(limit: BudgetLimit): (LimitState & { threshold: number })[] {
    const reached: (LimitState & { threshold: number })[] = [];
    for (;;) {
      const threshold = warnThresholds[this.nextThreshold];
      if (threshold === undefined || this.#used < threshold * limit.limit) return reached;
      this.nextThreshold += 1;
      reached.push({ limit, used: this.#used, purse: this.#purse, threshold });
    }
  }

  freesIn(limit: BudgetLimit, now: number, need: number): number | undefined {
    if (limit.scope.kind !== "window" || need > limit.limit) return undefined;
    this.#forgetOld(limit, now);
    const hasRoom = (used: number): boolean => (need === 0 ? used < limit.limit : used + need <= limit.limit);
    let used = this.#used;
    for (const entry of this.#entries) {
      if (hasRoom(used)) break;
      used -= entry.amount;
      if (hasRoom(used)) return Math.max(0, entry.at + limit.scope.windowMs - now);
    }
    return 0;
  }

  #forgetOld({ scope }: BudgetLimit, now: number): void {
    if (scope.kind !== "window") return;
    const horizon = now - scope.windowMs;
    let forgotten = 0;
    for (const entry of this.#entries) {
      if (entry.at > horizon) break;
      this.#used -= entry.amount;
      forgotten += 1;
    }
    if (forgotten === 0) return;
    this.#entries.splice(0, forgotten);
    if (this.#entries.length === 0) this.#used = 0;
  }
}

/** Whether a request has room beside what is spent and set aside; undefined where it has. */
export function shortfallOf(
  standing: LimitState & { readonly reserved: number },
  worst: RequestAmount,
): Shortfall | undefined {
  const { limit, used, reserved } = standing;
  const need = amountIn(limit.unit, worst);
  if (need === undefined) return { ...standing, need: 0, why: "unpriced" };
  const most = limit.limit * (1 + rounding);
  if (used + need > most) return { ...standing, need, why: "spent" };
  return used + reserved + need > most ? { ...standing, need, why: "reserved" } : undefined;
}

function amountIn(unit: BudgetLimit["unit"], { tokens, costUsd }: RequestAmount): number | undefined {
  return unit === "tokens" ? tokens : costUsd;
}
