import { knownCost, scopeKey, totalTokens } from "@claude-orchestrator/domain";
import type { BudgetLimit, ObservedBudget, RequestAmount, Spending } from "@claude-orchestrator/domain";
import { shortfallOf, warnThresholds } from "./ledgerAccount.ts";
import type { LimitState, Shortfall } from "./ledgerAccount.ts";
import type { SharedAmount, SharedLedger, SharedStanding } from "./ports.ts";

/*
 * Limits over all runs of a person on a machine.
 *
 * 1. What was spent is in the ledger before what was set aside for it is free there.
 * 2. A ledger that cannot be used refuses what it should have had a word on. What could not be told to it is told with the next.
 * 3. Without such a limit a run tells the ledger what it spends, where there is one, and is never held up by it.
 */

interface RequestOfRun {
  readonly attempt: string;
  readonly request: number;
}

interface Seen {
  readonly limit: BudgetLimit;
  readonly used: number;
  /** What this run has told the ledger by then, in the limit's unit. */
  readonly ofRun: number;
}

/** What others spend is told again after so long at the latest, ms; at once from this part of the limit on. */
const observeEveryMs = 5000;
const notable = 0.01;
/** Sums of many amounts differ by so little of themselves without a cause. */
const rounding = 1e-9;

interface Told {
  readonly amount: SharedAmount;
  readonly at: number | undefined;
}

/** A ledger that cannot be used, and a limit it should have been asked about. */
interface Unusable {
  readonly unusable: string;
  readonly limit: BudgetLimit;
}

export type SharedRefusal = Shortfall | Unusable;

export class SharedBudgets {
  readonly #ledger: SharedLedger | undefined;
  #limits: readonly BudgetLimit[];
  /** By attempt: what the ledger has not heard of yet. */
  readonly #untold = new Map<string, Told>();
  /** Requests that are over and still set aside there. */
  readonly #unreleased = new Set<RequestOfRun>();
  readonly #told = new Map<string, SharedAmount>();
  /** As the ledger was last seen to stand. */
  #seen: readonly Seen[] = [];
  readonly #observed = new Map<string, { readonly beside: number; readonly at: number }>();
  /** By limit: how many of its thresholds were told. */
  readonly #thresholds = new Map<BudgetLimit, number>();

  constructor(limits: readonly BudgetLimit[], ledger: SharedLedger | undefined) {
    this.#limits = limits;
    this.#ledger = ledger;
  }

  change(limits: readonly BudgetLimit[]): void {
    this.#limits = limits;
  }

  /** Gives the thresholds newly reached. */
  record(attempt: string, spent: Spending, at?: number): readonly (LimitState & { readonly threshold: number })[] {
    const amount = { tokens: totalTokens(spent.usage), costUsd: knownCost(spent) };
    const before = this.#told.get(attempt);
    if (before?.tokens === amount.tokens && before.costUsd === amount.costUsd) return [];
    this.#told.set(attempt, amount);
    this.#untold.set(attempt, { amount, at });
    this.#attempted(() => this.#tell());
    return this.#standing().flatMap((state) => this.#newThresholds(state));
  }

  /** Takes over what an earlier supervisor had set aside. @param open its requests under way */
  restore(open: readonly RequestOfRun[]): void {
    this.#attempted(() => this.#ledger?.keepOnly(open));
  }

  restoreTold(limit: BudgetLimit, thresholds: number): void {
    this.#thresholds.set(limit, thresholds);
  }

  /** Sets the most a request can cost aside, or says why not; nothing where no limit is shared. */
  reserve(request: RequestOfRun, worst: RequestAmount): SharedRefusal | undefined {
    const [first] = this.#limits;
    if (first === undefined) return undefined;
    const refuse = (standing: readonly SharedStanding[]): Shortfall | undefined => {
      const short = standing
        .filter(({ limit }) => limit.enforcement !== "warn")
        .flatMap((each) => {
          return shortfallOf({ ...each, purse: "" }, worst) ?? [];
        });
      return short.find(({ why }) => why !== "reserved") ?? short[0];
    };
    return this.#used(first, (ledger) => {
      this.#tell();
      const amount = { tokens: worst.tokens, costUsd: worst.costUsd ?? 0 };
      return ledger.reserve(request, amount, this.#limits, refuse);
    });
  }

  release(request: RequestOfRun): void {
    // Where some limit is shared: else nothing was set aside.
    if (this.#limits.length === 0) return;
    this.#unreleased.add(request);
    this.#attempted(() => this.#tell());
  }

  /** What keeps anything from starting: a limit that is spent, or a ledger that cannot tell. */
  spent(): (LimitState & { readonly freesInMs: number | undefined }) | Unusable | undefined {
    const [first] = this.#limits.filter(({ enforcement }) => enforcement !== "warn");
    if (first === undefined) return undefined;
    return this.#used(first, (ledger) => {
      const states = this.#look(ledger).filter(({ limit, used }) => {
        return limit.enforcement !== "warn" && used >= limit.limit;
      });
      const [state] = states.toSorted((a, b) => rank(b) - rank(a));
      return state === undefined ? undefined : { ...state, purse: "", freesInMs: ledger.freesIn(state.limit, 0) };
    });
  }

  /** Limits that block and are crossed: whatever runs must stop. */
  crossed(): readonly LimitState[] {
    return this.#standing().filter(({ limit, used }) => limit.enforcement === "block" && used > limit.limit);
  }

  freesIn(limit: BudgetLimit, need: number): number | undefined {
    return this.#attempted(() => this.#ledger?.freesIn(limit, need));
  }

  /**
   * Where limits stand over all runs, of those that do otherwise than was told: by a hundredth of the limit at once, by less after
   * some seconds, or at the end of an attempt. `now` in ms on a monotonic clock.
   */
  news(now: number, isLast: boolean): readonly ObservedBudget[] {
    return this.#seen.flatMap(({ limit: { scope, unit, limit }, used, ofRun }) => {
      const key = `${unit} ${scopeKey(scope)}`;
      const before = this.#observed.get(key);
      const beside = used - ofRun;
      const change = Math.abs(beside - (before?.beside ?? Number.POSITIVE_INFINITY));
      const isDue = isLast || before === undefined || now - before.at >= observeEveryMs;
      if (!(change >= limit * notable || (isDue && change > limit * rounding))) return [];
      this.#observed.set(key, { beside, at: now });
      return [{ scope, unit, used, ofRun }];
    });
  }

  #look(ledger: SharedLedger): readonly SharedStanding[] {
    const standing = ledger.standing(this.#limits);
    const own = [...this.#told.values()];
    this.#seen = standing.map(({ limit, used }) => {
      const ofRun = own.reduce((sum, { tokens, costUsd }) => sum + (limit.unit === "tokens" ? tokens : costUsd), 0);
      return { limit, used, ofRun };
    });
    return standing;
  }

  #standing(): readonly LimitState[] {
    if (this.#limits.length === 0) return [];
    const standing = this.#attempted(() => (this.#ledger === undefined ? [] : this.#look(this.#ledger))) ?? [];
    return standing.map((each) => ({ ...each, purse: "" }));
  }

  #newThresholds({ limit, used }: LimitState): (LimitState & { readonly threshold: number })[] {
    const told = this.#thresholds.get(limit) ?? 0;
    const reached = warnThresholds.filter((threshold) => used >= threshold * limit.limit);
    if (reached.length > told) this.#thresholds.set(limit, reached.length);
    return reached.slice(told).map((threshold) => ({ limit, used, purse: "", threshold }));
  }

  #tell(): void {
    for (const [attempt, { amount, at }] of this.#untold) {
      this.#ledger?.record(attempt, amount, at);
      this.#untold.delete(attempt);
    }
    // After what they cost (1).
    for (const request of this.#unreleased) {
      this.#ledger?.release(request);
      this.#unreleased.delete(request);
    }
  }

  /** For what may wait: the next call that may not finds out that the ledger cannot be used (2). */
  #attempted<Answer>(ask: () => Answer): Answer | undefined {
    try {
      return ask();
    } catch {
      return undefined;
    }
  }

  #used<Answer>(limit: BudgetLimit, ask: (ledger: SharedLedger) => Answer): Answer | Unusable {
    if (this.#ledger === undefined) return { unusable: "there is none", limit };
    try {
      return ask(this.#ledger);
    } catch (error) {
      return { unusable: error instanceof Error ? error.message : String(error), limit };
    }
  }
}

function rank({ limit }: { readonly limit: BudgetLimit }): number {
  return limit.enforcement === "block" ? 1 : 0;
}
