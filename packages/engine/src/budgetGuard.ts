import type {
  BudgetLimit,
  BudgetNote,
  InstancePlan,
  RequestAmount,
  RunEvent,
  RunState,
  StopCause,
} from "@claude-orchestrator/domain";
import type { Admission } from "./admission.ts";
import type { Attempt } from "./attempt.ts";
import { expectedShortfall } from "./expected.ts";
import { Ledger } from "./ledger.ts";
import type { LimitState, Shortfall, Spender } from "./ledger.ts";
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
  readonly #told = new Set<BudgetLimit>();
  readonly hasLimits: boolean;

  constructor(limits: readonly BudgetLimit[], append: (event: RunEvent) => void, now: () => number) {
    this.#ledger = new Ledger(limits);
    this.#append = append;
    this.#now = now;
    this.hasLimits = limits.length > 0;
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
        this.#ledger.restore({ key, instance }, spent, (end?.at ?? unended) + shift);
      }
    }
    for (const limit of limits) {
      const notes = state.budgetNotes.filter((note) => isAbout(note, limit));
      this.#ledger.restoreTold(limit, notes.filter(({ kind }) => kind === "warned").length);
      if (notes.some(({ kind }) => kind === "exceeded")) this.#told.add(limit);
    }
  }

  /** Counts what this attempt has spent and stops, of those alive, all that a crossed limit covers. */
  watch(attempt: Attempt, alive: Iterable<Attempt>): void {
    if (!this.hasLimits) return;
    const { instance, number } = attempt.prepared;
    const spender = { key: `${instance.name}#${number}`, instance };
    for (const { limit, used, threshold } of this.#ledger.record(spender, attempt.spent, this.#now())) {
      this.#append({ type: "budget-warned", ...inWords({ limit, used }), threshold });
    }
    for (const each of alive) this.#stopIfCrossed(each);
  }

  /** `alive`: those that run, of which more may be expected. */
  admit(instance: InstancePlan, alive: Iterable<Attempt>): Admission {
    if (!this.hasLimits) return { is: "free" };
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
  reserve(attempt: Attempt, request: number, worst: RequestAmount): Grant {
    if (!this.hasLimits) return { is: "granted" };
    const now = this.#now();
    const short = this.#ledger.reserve(requestOf(attempt, request), worst, now);
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
    this.#ledger.release(requestOf(attempt, request).key);
  }

  #tellShort({ limit, used, why }: Shortfall): void {
    if (why === "spent" && limit.enforcement !== "warn") this.#tell({ limit, used }, limit.enforcement);
  }

  /** One that has said its last word is left alone: its work is done, and stopping it would save nothing. */
  #stopIfCrossed(attempt: Attempt): void {
    if (attempt.hasFinished) return;
    const [crossed] = this.#ledger.crossed(attempt.prepared.instance, this.#now());
    if (crossed === undefined) return;
    this.#tell(crossed, "block");
    const cause: StopCause = { kind: "budget", ...inWords(crossed) };
    attempt.stop(cause, false);
  }

  #tell(state: LimitState, enforcement: "block" | "pause"): void {
    if (this.#told.has(state.limit)) return;
    this.#told.add(state.limit);
    this.#append({ type: "budget-exceeded", ...inWords(state), enforcement });
  }
}

function requestOf({ prepared: { instance, number } }: Attempt, request: number): Spender {
  return { key: `${instance.name}#${number}/${request}`, instance };
}

function isAbout(note: BudgetNote, { scope, unit, limit }: BudgetLimit): boolean {
  return note.unit === unit && note.limit === limit && JSON.stringify(note.scope) === JSON.stringify(scope);
}

function inWords({ limit, used }: LimitState) {
  return { scope: limit.scope, unit: limit.unit, limit: limit.limit, used };
}
