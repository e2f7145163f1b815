import { addSpending, isShared, noUsage, scopeWords, spendingOfRequest } from "@claude-orchestrator/domain";
import type {
  AttemptState,
  BudgetLimit,
  BudgetNote,
  InstancePlan,
  RequestAmount,
  RunEvent,
  RunState,
  Spending,
  StopCause,
} from "@claude-orchestrator/domain";
import type { Admission } from "./admission.ts";
import type { Attempt } from "./attempt.ts";
import type { AskedOfRoom } from "./attemptRequests.ts";
import { expectedShortfall } from "./expected.ts";
import { Ledger } from "./ledger.ts";
import { SharedBudgets } from "./sharedBudgets.ts";
import type { SharedRefusal } from "./sharedBudgets.ts";
import type { SharedLedger } from "./ports.ts";
import type { Spender } from "./ledger.ts";
import type { LimitState, Shortfall } from "./ledgerAccount.ts";
import { budgetWords, shortfallWords } from "./verdict.ts";

/**
 * What the budgets say to a request. Granted: the most it can cost is set aside. Held: it may fit before long. Refused: it will
 * not; `freesInMs` where a window has room for it again one day, and the instance should wait for that.
 */
export type Grant =
  | { readonly is: "granted" }
  | { readonly is: "held"; readonly reason: string; readonly cause: StopCause; readonly freesInMs: number | undefined }
  | { readonly is: "refused"; readonly reason: string; readonly cause: StopCause; readonly freesInMs?: number };

/** Watches spending: tells each threshold once, stops what a spent budget covers, and answers for new starts. */
export class BudgetGuard {
  readonly #ledger: Ledger;
  readonly #shared: SharedBudgets;
  readonly #append: (event: RunEvent) => void;
  readonly #now: () => number;
  /** By limit: of which purses it was told that they are spent. */
  readonly #told = new Map<BudgetLimit, Set<string>>();

  constructor(
    limits: readonly BudgetLimit[],
    append: (event: RunEvent) => void,
    now: () => number,
    shared?: SharedLedger,
  ) {
    this.#ledger = new Ledger(limits.filter((limit) => !isShared(limit)));
    this.#shared = new SharedBudgets(limits.filter(isShared), shared);
    this.#append = append;
    this.#now = now;
  }

  /**
   * Takes over what an earlier supervisor counted and told: all of it is in the folded log.
   *
   * @param shift what is added to a wall time (ms since 1970) to have it on this guard's clock
   */
  restore(state: RunState, limits: readonly BudgetLimit[], shift: number): void {
    for (const instance of state.plan.instances) {
      for (const attempt of state.instances.get(instance.name)?.attempts ?? []) {
        this.#restoreAttempt(instance, attempt, state.lastAt, shift);
      }
    }
    this.#shared.restore(openRequests(state));
    for (const limit of limits) this.#restoreTold(state, limit);
  }

  #restoreAttempt(instance: InstancePlan, attempt: AttemptState, lastAt: number, shift: number): void {
    const { number, spent, end, plannedAt, requests } = attempt;
    const key = `${instance.name}#${number}`;
    const { open, subAgents } = requests ?? { open: {}, subAgents: {} };
    this.#shared.record(key, Object.values(open).reduce(withWorst, spent), end?.at ?? lastAt);
    // When each of its requests settled is not in the state: the latest moment forgets none of them too early.
    const unended = requests === undefined ? plannedAt : lastAt;
    this.#ledger.restore({ key, instance }, { spent, subAgents }, (end?.at ?? unended) + shift);
  }

  #restoreTold({ budgetNotes }: RunState, limit: BudgetLimit): void {
    const notes = budgetNotes.filter((note) => isAbout(note, limit));
    const told = notes.filter(({ kind }) => kind === "warned").length;
    if (isShared(limit)) this.#shared.restoreTold(limit, told);
    else this.#ledger.restoreTold(limit, told);
    if (notes.some(({ kind }) => kind === "exceeded")) this.#told.set(limit, new Set([""]));
  }

  /** Counts what this attempt has spent and stops, of those alive, all that a crossed limit covers. */
  watch(attempt: Attempt, alive: Iterable<Attempt>): void {
    const spender = spenderOf(attempt);
    const shared = this.#shared.record(spender.key, attempt.spent);
    for (const reached of [...this.#ledger.record(spender, attempt, this.#now()), ...shared]) {
      this.#append({ type: "budget-warned", ...inWords(reached), threshold: reached.threshold });
    }
    this.#stopWhatCrosses(alive);
    this.#tellObserved(attempt.hasFinished);
  }

  /** `alive`: those that run, of which more may be expected. */
  admit(instance: InstancePlan, alive: Iterable<Attempt>): Admission {
    const now = this.#now();
    const [blocked] = this.#ledger.spent(instance, "block", now);
    if (blocked !== undefined) {
      this.#tell(blocked, "block");
      return { is: "refused", verdict: "budget_exceeded", reason: `not started: ${budgetWords(inWords(blocked))}` };
    }
    const [paused] = this.#ledger.spent(instance, "pause", now);
    if (paused !== undefined) {
      this.#tell(paused, "pause");
      return { is: "held", reason: budgetWords(inWords(paused)), freesInMs: this.#ledger.freesIn(paused.limit, now) };
    }
    const shared = this.#admitShared();
    return shared.is === "free" ? this.#admitExpected(instance, alive, now) : shared;
  }

  #admitExpected(instance: InstancePlan, alive: Iterable<Attempt>, now: number): Admission {
    if (instance.expected === undefined) return { is: "free" };
    const underWay = [...alive].map(({ prepared, spent }) => ({ instance: prepared.instance, spent }));
    // What is an attempt's or a sub-agent's own is held against its requests.
    const standing = this.#ledger.standing(now).filter(({ purse }) => purse === "");
    const short = expectedShortfall(instance, underWay, standing);
    if (short === undefined) return { is: "free" };
    const { limit, need, reason, isForGood } = short;
    const freesInMs = this.#ledger.freesIn(limit, now, need);
    const isRefused = isForGood && freesInMs === undefined;
    if (isRefused) return { is: "refused", verdict: "budget_exceeded", reason: `not started: ${reason}` };
    return { is: "held", reason, freesInMs: isForGood ? freesInMs : undefined };
  }

  #admitShared(): Admission {
    const spent = this.#shared.spent();
    this.#tellObserved(false);
    if (spent === undefined) return { is: "free" };
    if ("unusable" in spent) {
      return { is: "refused", verdict: "budget_exceeded", reason: `not started: ${unusableWords(spent)}` };
    }
    const reason = budgetWords(inWords(spent));
    if (spent.limit.enforcement === "pause") {
      this.#tell(spent, "pause");
      return { is: "held", reason, freesInMs: spent.freesInMs };
    }
    this.#tell(spent, "block");
    return { is: "refused", verdict: "budget_exceeded", reason: `not started: ${reason}` };
  }

  /** Sets the most a request can cost aside before it is sent, where there is room for it in every budget. */
  reserve(attempt: Attempt, { request, subAgent, worst }: AskedOfRoom): Grant {
    const now = this.#now();
    const of = { ...spenderOf(attempt), request, subAgent };
    const short = this.#ledger.reserve(of, worst, now);
    if (short !== undefined) return this.#grantFor(short, this.#ledger.freesIn(short.limit, now, short.need));
    const shared = this.#shared.reserve({ attempt: of.key, request }, worst);
    if (shared === undefined) return { is: "granted" };
    // In all limits or in none.
    this.#ledger.release(of);
    if (!("unusable" in shared)) return this.#grantFor(shared, this.#shared.freesIn(shared.limit, shared.need));
    const cause: StopCause = { kind: "budget", ...inWords({ limit: shared.limit, used: 0 }) };
    return { is: "refused", reason: unusableWords(shared), cause };
  }

  #grantFor(short: Shortfall, freesInMs: number | undefined): Grant {
    const reason = shortfallWords(short);
    const cause: StopCause = { kind: "budget", ...inWords(short) };
    if (short.why === "reserved") return { is: "held", reason, cause, freesInMs: undefined };
    this.#tellShort(short);
    if (short.why === "unpriced" || short.limit.enforcement === "block") return { is: "refused", reason, cause };
    return freesInMs === undefined ? { is: "refused", reason, cause } : { is: "held", reason, cause, freesInMs };
  }

  /** The request is over: what was set aside for it is free again. */
  release(attempt: Attempt, request: number): void {
    const spender = spenderOf(attempt);
    this.#ledger.release({ ...spender, request });
    this.#shared.release({ attempt: spender.key, request });
  }

  /** A person has set another amount: what is alive and crosses it now is stopped. */
  change(limit: BudgetLimit, limits: readonly BudgetLimit[], alive: Iterable<Attempt>): void {
    if (isShared(limit)) this.#shared.change(limits.filter(isShared));
    else this.#ledger.change(limit, this.#now());
    this.#stopWhatCrosses(alive);
  }

  #stopWhatCrosses(alive: Iterable<Attempt>): void {
    const [shared] = this.#shared.crossed();
    for (const each of alive) this.#stopIfCrossed(each, shared);
  }

  #tellObserved(isLast: boolean): void {
    for (const observed of this.#shared.news(this.#now(), isLast)) {
      this.#append({ type: "budget-observed", ...observed });
    }
  }

  /** One that a request does not fit is not spent: a smaller one may, and what it covers starts. */
  #tellShort(short: Shortfall): void {
    const { enforcement, limit } = short.limit;
    if (short.used >= limit && enforcement !== "warn") this.#tell(short, enforcement);
  }

  /** One that has said its last word is left alone: its work is done, and stopping it would save nothing. */
  #stopIfCrossed(attempt: Attempt, shared: LimitState | undefined): void {
    if (attempt.hasFinished) return;
    const [crossed = shared] = this.#ledger.crossed(spenderOf(attempt), this.#now());
    if (crossed === undefined) return;
    this.#tell(crossed, "block");
    const cause: StopCause = { kind: "budget", ...inWords(crossed) };
    attempt.stop(cause, false);
  }

  #tell(state: LimitState, enforcement: "block" | "pause"): void {
    const told = this.#told.get(state.limit) ?? new Set();
    if (told.has(state.purse)) return;
    this.#told.set(state.limit, told.add(state.purse));
    this.#append({ type: "budget-exceeded", ...inWords(state), enforcement });
  }
}

function spenderOf({ prepared: { instance, number } }: Attempt): Spender {
  return { key: `${instance.name}#${number}`, instance };
}

/** With what a request under way may have cost: an attempt that is taken over is charged for it. */
function withWorst(spent: Spending, worst: RequestAmount): Spending {
  const usage = { ...noUsage, input: worst.tokens };
  const cost = worst.costUsd === undefined ? {} : { costUsd: worst.costUsd };
  return addSpending(spent, spendingOfRequest({ usage, ...cost, counted: "assumed" }));
}

function openRequests({ instances }: RunState): readonly { readonly attempt: string; readonly request: number }[] {
  return [...instances.values()].flatMap(({ name, attempts }) =>
    attempts.flatMap(({ number, requests }) =>
      Object.keys(requests?.open ?? {}).map((request) => ({ attempt: `${name}#${number}`, request: Number(request) })),
    ),
  );
}

function unusableWords({ unusable, limit }: Extract<SharedRefusal, { unusable: string }>): string {
  return `the budget of ${scopeWords(limit.scope)} cannot be looked up: the ledger of all runs cannot be used (${unusable})`;
}

function isAbout(note: BudgetNote, { scope, unit, limit }: BudgetLimit): boolean {
  return note.unit === unit && note.limit === limit && JSON.stringify(note.scope) === JSON.stringify(scope);
}

function inWords({ limit, used }: Pick<LimitState, "limit" | "used">) {
  return { scope: limit.scope, unit: limit.unit, limit: limit.limit, used };
}
