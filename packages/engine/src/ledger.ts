import { isApart, isSameLimit, knownCost, limitCovers, totalTokens, withLimit } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstancePlan, RequestAmount, Spending, SubAgents } from "@claude-orchestrator/domain";
import { Account } from "./ledgerAccount.ts";
import type { LimitState, Shortfall } from "./ledgerAccount.ts";

/*
 * Budgets on two paths. On the stream path what is counted is what the agents have told so far, so a limit can be overshot by
 * the requests in flight when it is reached: one per running agent (and per sub-agent of it). Nothing more is promised there.
 * On the gateway's path a request is sent only once the most it can cost is set aside in every limit that covers it.
 *
 * 1. An attempt's spending is counted once: `record` takes totals of the attempt and adds only what is new.
 * 2. A limit's `used` never shrinks, but for a window's, which forgets what is older than the window.
 * 3. Each threshold of a limit is told once; of one that is set anew, again.
 * 4. A request is set aside in all limits that cover it or in none, and given back once, whatever became of it.
 * 5. Where each request costs at most what was set aside for it, and nothing else spends, what is `used` of a limit that
 *    blocks or pauses never exceeds it: not the amount it had when the last of its requests was granted.
 */

export interface Spender {
  /** Unique per attempt. */
  readonly key: string;
  readonly instance: InstancePlan;
}

/** A request of a spender's, by its number, and of which of its sub-agents. */
export interface RequestOf extends Spender {
  readonly request: number;
  readonly subAgent?: string | undefined;
}

/** What an attempt has spent in all, and what of it its sub-agents have. */
export interface SpentSoFar {
  readonly spent: Spending;
  readonly subAgents: SubAgents;
}

/** One limit, with an account for each purse it counts by itself: one for all, or one for each attempt or sub-agent. */
interface Book {
  limit: BudgetLimit;
  readonly accounts: Map<string, Account>;
}

interface Counted {
  readonly spender: Spender;
  readonly subAgent: string | undefined;
  amount: Amount;
}

interface Amount {
  readonly tokens: number;
  readonly costUsd: number;
}

export class Ledger {
  #limits: readonly BudgetLimit[];
  readonly #books: Book[];
  readonly #counted = new Map<string, Counted>();
  readonly #open = new Map<string, { readonly of: RequestOf; readonly worst: RequestAmount }>();

  constructor(limits: readonly BudgetLimit[]) {
    this.#limits = limits;
    this.#books = limits.map((limit) => ({ limit, accounts: new Map() }));
  }

  /** As they are now. */
  get limits(): readonly BudgetLimit[] {
    return this.#limits;
  }

  /**
   * Counts what an attempt has spent so far. `now` in ms on the monotonic clock.
   * Gives the thresholds newly reached, for a warning each.
   */
  record(spender: Spender, so: SpentSoFar, now: number): readonly (LimitState & { readonly threshold: number })[] {
    this.#count(spender, so, now);
    return this.#purses(spender).flatMap(({ account, limit }) => account.newThresholds(limit));
  }

  /** Counts what an earlier supervisor saw an attempt spend, `at` on this clock (before now: it may be negative). */
  restore(spender: Spender, so: SpentSoFar, at: number): void {
    this.#count(spender, so, at);
    // What was told of an attempt by itself is what its spending had reached.
    for (const { account, limit } of this.#purses(spender)) if (isApart(limit)) account.newThresholds(limit);
  }

  /** So many of the limit's thresholds have been told already. */
  restoreTold(limit: BudgetLimit, thresholds: number): void {
    const book = this.#books.find((each) => each.limit === limit);
    if (book !== undefined && !isApart(limit)) accountIn(book, "").nextThreshold = thresholds;
  }

  /** Another amount for a limit, or one more limit: what was spent and is set aside counts against it. */
  change(wanted: BudgetLimit, now: number): void {
    const isThere = this.#limits.some((limit) => isSameLimit(limit, wanted));
    const before = this.#limits;
    this.#limits = withLimit(this.#limits, wanted);
    this.#books.forEach((book, at) => {
      if (!isSameLimit(book.limit, wanted)) return;
      book.limit = this.#limits[at] ?? book.limit;
      for (const account of book.accounts.values()) account.nextThreshold = 0;
    });
    if (isThere) return;
    const added = this.#limits[before.length] ?? wanted;
    const book: Book = { limit: added, accounts: new Map() };
    this.#books.push(book);
    for (const { spender, subAgent, amount } of this.#counted.values()) addTo(book, { spender, subAgent, amount }, now);
    for (const [key, { of, worst }] of this.#open) this.#accountFor(book, of)?.hold(key, added, worst);
  }

  /** Limits of that enforcement which are spent, covering this instance: nothing of it may start. */
  spent(instance: InstancePlan, enforcement: "block" | "pause", now: number): readonly LimitState[] {
    return this.#books.flatMap((book) => {
      const { limit } = book;
      if (isApart(limit) || limit.enforcement !== enforcement || !limitCovers(limit, instance)) return [];
      const used = accountIn(book, "").usedAt(limit, now);
      return used >= limit.limit ? [{ limit, used, purse: "" }] : [];
    });
  }

  /** Limits that block and are crossed, covering this attempt as a whole: it must stop. */
  crossed(spender: Spender, now: number): readonly LimitState[] {
    return this.#purses(spender).flatMap(({ account, limit, purse }) => {
      if (limit.enforcement !== "block" || limit.scope.kind === "sub_agent") return [];
      const used = account.usedAt(limit, now);
      return used > limit.limit ? [{ limit, used, purse }] : [];
    });
  }

  /**
   * Sets the most a request can cost aside in every limit that covers it (4). Where one that blocks or pauses has no room for it
   * nothing is set aside, and the limit is the answer: of several the one that is hardest to satisfy.
   */
  reserve(of: RequestOf, worst: RequestAmount, now: number): Shortfall | undefined {
    const covering = this.#books.flatMap((book) => {
      const account = this.#accountFor(book, of);
      return account === undefined ? [] : [{ account, limit: book.limit }];
    });
    const short = covering.flatMap(({ account, limit }) => account.shortfall(limit, worst, now) ?? []);
    const [hardest] = short.toSorted((a, b) => hardness(b) - hardness(a));
    if (hardest !== undefined) return hardest;
    const key = keyOf(of);
    this.#open.set(key, { of, worst });
    for (const { account, limit } of covering) account.hold(key, limit, worst);
    return undefined;
  }

  /** Gives back what was set aside for the request. What it really cost is counted by `record`. */
  release(of: Omit<RequestOf, "subAgent">): void {
    const key = keyOf(of);
    this.#open.delete(key);
    for (const { accounts } of this.#books) for (const account of accounts.values()) account.release(key);
  }

  /** Every limit, and every purse it counts by itself, with what is spent and set aside. */
  standing(now: number): readonly (LimitState & { readonly reserved: number })[] {
    return this.#books.flatMap((book) => {
      if (!isApart(book.limit)) accountIn(book, "");
      return [...book.accounts].map(([purse, account]) => {
        const { limit } = book;
        return { limit, purse, used: account.usedAt(limit, now), reserved: account.reserved };
      });
    });
  }

  /**
   * In how many ms a spent window has room again; undefined for a limit that never frees by itself, or not for so much.
   *
   * @param need how much room; without it: any
   */
  freesIn(limit: BudgetLimit, now: number, need = 0): number | undefined {
    const book = this.#books.find((each) => each.limit === limit);
    return book === undefined ? undefined : accountIn(book, "").freesIn(limit, now, need);
  }

  #count(spender: Spender, { spent, subAgents }: SpentSoFar, now: number): void {
    this.#countOne({ spender, subAgent: undefined, amount: amountOf(spent) }, now);
    for (const [subAgent, each] of Object.entries(subAgents)) {
      this.#countOne({ spender, subAgent, amount: amountOf(each.spent) }, now);
    }
  }

  #countOne(told: Counted, now: number): void {
    const key = told.subAgent === undefined ? told.spender.key : `${told.spender.key}\n${told.subAgent}`;
    const before = this.#counted.get(key)?.amount ?? { tokens: 0, costUsd: 0 };
    this.#counted.set(key, told);
    const { tokens, costUsd } = told.amount;
    const amount = { tokens: tokens - before.tokens, costUsd: costUsd - before.costUsd };
    for (const book of this.#books) addTo(book, { ...told, amount }, now);
  }

  /** What there is by now of accounts that count this attempt or a sub-agent of it. */
  #purses({ key, instance }: Spender): readonly { account: Account; limit: BudgetLimit; purse: string }[] {
    return this.#books.flatMap((book) => {
      const { limit } = book;
      if (!limitCovers(limit, instance)) return [];
      if (!isApart(limit)) accountIn(book, "");
      return [...book.accounts].flatMap(([purse, account]) => {
        const isOurs = purse === "" || purse === key || purse.startsWith(`${key}\n`);
        return isOurs ? [{ account, limit, purse }] : [];
      });
    });
  }

  #accountFor(book: Book, { instance, ...of }: RequestOf): Account | undefined {
    if (!limitCovers(book.limit, instance)) return undefined;
    const purse = purseOf(book.limit, of.key, of.subAgent);
    return purse === undefined ? undefined : accountIn(book, purse);
  }
}

function keyOf({ key, request }: Pick<RequestOf, "key" | "request">): string {
  return `${key}\n${request}`;
}

/** What a limit counts together; undefined for what it does not count at all. */
function purseOf({ scope }: BudgetLimit, attempt: string, subAgent: string | undefined): string | undefined {
  if (scope.kind === "attempt") return attempt;
  if (scope.kind !== "sub_agent") return "";
  return subAgent === undefined ? undefined : `${attempt}\n${subAgent}`;
}

function accountIn({ accounts }: Book, purse: string): Account {
  const known = accounts.get(purse);
  if (known !== undefined) return known;
  const account = new Account(purse);
  accounts.set(purse, account);
  return account;
}

/** Adds to the account that counts it. What a sub-agent has spent is in its attempt's spending already. */
function addTo(book: Book, { spender, subAgent, amount }: Counted, now: number): void {
  const { limit } = book;
  if ((limit.scope.kind === "sub_agent") !== (subAgent !== undefined)) return;
  if (!limitCovers(limit, spender.instance)) return;
  const purse = purseOf(limit, spender.key, subAgent);
  const added = limit.unit === "tokens" ? amount.tokens : amount.costUsd;
  if (purse !== undefined && added !== 0) accountIn(book, purse).add(limit, added, now);
}

function amountOf(spent: Spending): Amount {
  return { tokens: totalTokens(spent.usage), costUsd: knownCost(spent) };
}

/** What no waiting can help comes first, what blocks before what pauses. */
function hardness({ why, limit }: Shortfall): number {
  const blocks = limit.enforcement === "block" ? 1 : 0;
  return { unpriced: 4, spent: 2, reserved: 0 }[why] + blocks;
}
