import type { BudgetLimit, BudgetNote, InstancePlan, RunEvent, RunState, StopCause } from "@claude-orchestrator/domain";
import type { Admission } from "./admission.ts";
import type { Attempt } from "./attempt.ts";
import type { AskedOfRoom } from "./attemptRequests.ts";
import { expectedShortfall } from "./expected.ts";
import { Ledger } from "./ledger.ts";
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
  readonly #append: (event: RunEvent) => void;
  readonly #now: () => number;
  /** By limit: of which purses it was told that they are spent. */
  readonly #told = new Map<BudgetLimit, Set<string>>();

  constructor(limits: readonly BudgetLimit[], append: (event: RunEvent) => void, now: () => number) {
    this.#ledger = new Ledger(limits);
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
      for (const { number, spent, end, plannedAt, requests } of state.instances.get(instance.name)?.attempts ?? []) {
        const key = `${instance.name}#${number}`;
        // When each of its requests settled is not in the state: the latest moment forgets none of them too early.
        const unended = requests === undefined ? plannedAt : state.lastAt;
        const so = { spent, subAgents: requests?.subAgents ?? {} };
        this.#ledger.restore({ key, instance }, so, (end?.at ?? unended) + shift);
      }
    }
    for (const limit of limits) {
      const notes = state.budgetNotes.filter((note) => isAbout(note, limit));
      this.#ledger.restoreTold(limit, notes.filter(({ kind }) => kind === "warned").length);
      if (notes.some(({ kind }) => kind === "exceeded")) this.#told.set(limit, new Set([""]));
    }
  }

  /** Counts what this attempt has spent and stops, of those alive, all that a crossed limit covers. */
  watch(attempt: Attempt, alive: Iterable<Attempt>): void {
    for (const reached of this.#ledger.record(spenderOf(attempt), attempt, this.#now())) {
      this.#append({ type: "budget-warned", ...inWords(reached), threshold: reached.threshold });
    }
    if (this.#ledger.limits.length > 0) for (const each of alive) this.#stopIfCrossed(each);
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
    if (paused === undefined) return this.#admitExpected(instance, alive, now);
    this.#tell(paused, "pause");
    return { is: "held", reason: budgetWords(inWords(paused)), freesInMs: this.#ledger.freesIn(paused.limit, now) };
  }

  #admitExpected(instance: InstancePlan, alive: Iterable<Attempt>, now: number): Admission {
    if (instance.expected === undefined) return { is: "free" };
    const underWay = [...alive].map(({ prepared, spent }) => ({ instance: prepared.instance, spent }));
    const short = expectedShortfall(instance, underWay, this.#ledger.standing(now));
    if (short === undefined) return { is: "free" };
    const { limit, need, reason, isForGood } = short;
    const freesInMs = this.#ledger.freesIn(limit, now, need);
    const isRefused = isForGood && freesInMs === undefined;
    if (isRefused) return { is: "refused", verdict: "budget_exceeded", reason: `not started: ${reason}` };
    return { is: "held", reason, freesInMs: isForGood ? freesInMs : undefined };
  }

  /** Sets the most a request can cost aside before it is sent, where there is room for it in every budget. */
  reserve(attempt: Attempt, { request, subAgent, worst }: AskedOfRoom): Grant {
    const now = this.#now();
    const short = this.#ledger.reserve({ ...spenderOf(attempt), request, subAgent }, worst, now);
    if (short === undefined) return { is: "granted" };
    const reason = shortfallWords(short);
    const cause: StopCause = { kind: "budget", ...inWords(short) };
    if (short.why === "reserved") return { is: "held", reason, cause, freesInMs: undefined };
    this.#tellShort(short);
    if (short.why === "unpriced" || short.limit.enforcement === "block") return { is: "refused", reason, cause };
    const freesInMs = this.#ledger.freesIn(short.limit, now, short.need);
    return freesInMs === undefined ? { is: "refused", reason, cause } : { is: "held", reason, cause, freesInMs };
  }

  /** The request is over: what was set aside for it is free again. */
  release(attempt: Attempt, request: number): void {
    this.#ledger.release({ ...spenderOf(attempt), request });
  }

  /** A person has set another amount: what is alive and crosses it now is stopped. */
  change(limit: BudgetLimit, alive: Iterable<Attempt>): void {
    this.#ledger.change(limit, this.#now());
    for (const each of alive) this.#stopIfCrossed(each);
  }

  #tellShort(short: Shortfall): void {
    const { enforcement } = short.limit;
    if (short.why === "spent" && enforcement !== "warn") this.#tell(short, enforcement);
  }

  /** One that has said its last word is left alone: its work is done, and stopping it would save nothing. */
  #stopIfCrossed(attempt: Attempt): void {
    if (attempt.hasFinished) return;
    const [crossed] = this.#ledger.crossed(spenderOf(attempt), this.#now());
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

function isAbout(note: BudgetNote, { scope, unit, limit }: BudgetLimit): boolean {
  return note.unit === unit && note.limit === limit && JSON.stringify(note.scope) === JSON.stringify(scope);
}

function inWords({ limit, used }: Pick<LimitState, "limit" | "used">) {
  return { scope: limit.scope, unit: limit.unit, limit: limit.limit, used };
}
