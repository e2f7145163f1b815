import { reduceRun } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import type { BudgetUse } from "../views/budgetUse.ts";
import { budgetUses, momentOf, SpendingHistory } from "../views/budgetUse.ts";

/** Folds a log as it grows: the state, and what is used of each budget. */
export class RunFold {
  #state: RunState | undefined;
  #history: SpendingHistory | undefined;

  add(events: Iterable<LoggedEvent>): void {
    for (const event of events) {
      this.#state = reduceRun(this.#state, event);
      if (event.type === "run-created") this.#history = new SpendingHistory(event.plan.limits);
      this.#history?.add(event);
    }
  }

  get state(): RunState | undefined {
    return this.#state;
  }

  /** What is used of each budget, at the run's end where it has settled. */
  uses(now: number): readonly BudgetUse[] {
    if (this.#state === undefined || this.#history === undefined) return [];
    return budgetUses(this.#state, this.#history, momentOf(this.#state, now));
  }
}
