import type { LoggedEvent } from "@claude-orchestrator/domain";
import { SpendingHistory } from "../budget/spendingSteps.ts";
import type { SpendingStep } from "../budget/spendingSteps.ts";
import { TimelineHistory } from "../screens/run/timeline/spans.ts";
import type { TimelineRow } from "../screens/run/timeline/spans.ts";

/**
 * What is known of a run's past beside its state: found out from each event as it comes, so that the events themselves need not
 * all be kept. It goes on in place; what it gives is another list only where it has changed.
 */
export class RunHistory {
  readonly #spending = new SpendingHistory();
  readonly #timeline = new TimelineHistory();
  #through = 0;

  get steps(): readonly SpendingStep[] {
    return this.#spending.steps;
  }

  get rows(): readonly TimelineRow[] {
    return this.#timeline.rows;
  }

  /** Each event counts once, however often it is told. One that is not what its type says is passed over. */
  take(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      if (event.seq <= this.#through) continue;
      this.#through = event.seq;
      try {
        this.#spending.take(event);
        this.#timeline.take(event);
      } catch {
        // A program's bug wrote it; the fold has counted it as passed over.
      }
    }
  }
}
