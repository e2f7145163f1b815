import { formatAmount, UserError } from "@claude-orchestrator/domain";
import type { BudgetLimit } from "@claude-orchestrator/domain";
import { readPolicy } from "./readPolicy.ts";

/** Why a budget may not be set to this while a run works; undefined where the policy of this machine lets it be. Never rejects for a policy that cannot be used: that refuses. */
export async function budgetRefusal({ scope, unit, limit }: BudgetLimit): Promise<string | undefined> {
  if (scope.kind !== "run") return undefined;
  try {
    const lock = (await readPolicy())?.locks.max_budget;
    const most = lock?.value[unit];
    if (lock === undefined || most === undefined || limit <= most) return undefined;
    return `the policy allows a run at most ${formatAmount(unit, most)} (${lock.at})`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
