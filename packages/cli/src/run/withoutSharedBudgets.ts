import { isShared } from "@claude-orchestrator/domain";
import type { Plan } from "@claude-orchestrator/domain";

/** The plan of a run that is played: budgets over all runs are about money, of which it spends none. */
export function withoutSharedBudgets(plan: Plan): Plan {
  const limits = plan.limits.filter((limit) => !isShared(limit));
  if (limits.length === plan.limits.length) return plan;
  return { ...plan, limits, notices: [...plan.notices, "budgets over all runs do not count in a replay"] };
}
