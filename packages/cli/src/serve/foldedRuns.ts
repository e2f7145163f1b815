import { UserError } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import type { FoundRun } from "@claude-orchestrator/store";
import { RunFold } from "../run/runFold.ts";
import { openLogOf } from "../supervise/history.ts";
import type { BudgetUse } from "../views/budgetUse.ts";

/** As many are kept; the one that was asked for longest ago goes first. */
const mostRuns = 32;

export interface FoldedRun {
  /** Its directory is where the run's files are now. */
  readonly state: RunState;
  readonly uses: readonly BudgetUse[];
}

/** Runs that were asked for lately, folded as far as their logs went: who asks again waits for what is new only. */
export class FoldedRuns {
  readonly #folds = new Map<string, RunFold>();

  /** As its log tells now. @throws UserError log-not-usable */
  read(found: FoundRun): FoldedRun {
    const { id, directory } = found;
    const fold = this.#folds.get(directory) ?? new RunFold();
    const log = openLogOf(found);
    // What was read in part is not gone on with.
    this.#folds.delete(directory);
    try {
      fold.add(log.events((fold.state?.seq ?? 0) + 1));
    } finally {
      log.close();
    }
    this.#keep(directory, fold);
    if (fold.state === undefined) throw new UserError("log-not-usable", `The log of ${id} tells nothing yet`);
    return { state: { ...fold.state, directory }, uses: fold.uses(Date.now()) };
  }

  #keep(directory: string, fold: RunFold): void {
    this.#folds.delete(directory);
    this.#folds.set(directory, fold);
    const [oldest] = this.#folds.keys();
    if (this.#folds.size > mostRuns && oldest !== undefined) this.#folds.delete(oldest);
  }
}
