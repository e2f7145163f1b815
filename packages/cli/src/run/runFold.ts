import { foldAsRead } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import type { BudgetUse } from "../views/budgetUse.ts";
import { budgetUses, momentOf, SpendingHistory } from "../views/budgetUse.ts";

/** Folds a log as it grows: the state, and what is used of each budget. No event keeps it from those that follow. */
export class RunFold {
  /** Numbers of the events that are not what their type says. */
  readonly passedOver: number[] = [];
  #state: RunState | undefined;
  #history: SpendingHistory | undefined;

  add(events: Iterable<LoggedEvent>): void {
    this.#state = foldAsRead(events, this.#state, (event, isPassedOver) => {
      if (isPassedOver) {
        this.passedOver.push(event.seq);
        return;
      }
      if (event.type === "run-created") this.#history = new SpendingHistory(event.plan.limits);
      this.#history?.add(event);
    });
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
