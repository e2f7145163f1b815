import type { Spending } from "./events.ts";
import type { RunState } from "./runState.ts";
import { addSpending, nothingSpent } from "./spending.ts";

/** What was spent on attempts that ended and did not succeed: also those whose work a later attempt then did. */
export function failedWork(state: RunState): { readonly attempts: number; readonly spent: Spending } {
  let attempts = 0;
  let spent = nothingSpent;
  for (const instance of state.instances.values()) {
    for (const { end, spent: cost } of instance.attempts) {
      if (end === undefined || end.verdict === "succeeded") continue;
      attempts += 1;
      spent = addSpending(spent, cost);
    }
  }
  return { attempts, spent };
}
