import type { BudgetLimit, InstancePlan, RunEvent, StopCause } from "@claude-orchestrator/domain";
import type { Attempt } from "./attempt.ts";
import { Ledger } from "./ledger.ts";
import type { LimitState } from "./ledger.ts";
import { budgetWords } from "./verdict.ts";

/** What the budgets say to a start: refused for good, held for a while (or until nothing else runs), or free to go. */
export type Admission =
  | { readonly is: "free" }
  | { readonly is: "refused"; readonly reason: string }
  | { readonly is: "held"; readonly reason: string; readonly freesInMs: number | undefined };

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

  admit(instance: InstancePlan): Admission {
    if (!this.hasLimits) return { is: "free" };
    const now = this.#now();
    const [blocked] = this.#ledger.spent(instance, "block", now);
    if (blocked !== undefined) {
      this.#tell(blocked, "block");
      return { is: "refused", reason: `not started: ${budgetWords(inWords(blocked))}` };
    }
    const [paused] = this.#ledger.spent(instance, "pause", now);
    if (paused === undefined) return { is: "free" };
    this.#tell(paused, "pause");
    return { is: "held", reason: budgetWords(inWords(paused)), freesInMs: this.#ledger.freesIn(paused.limit, now) };
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

function inWords({ limit, used }: LimitState) {
  return { scope: limit.scope, unit: limit.unit, limit: limit.limit, used };
}
