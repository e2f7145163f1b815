import type { Spending } from "./events.ts";
import type { BudgetLimit, InstancePlan } from "./plan.ts";

/** Whether what this instance spends counts against the limit. */
export function limitCovers({ scope }: BudgetLimit, instance: InstancePlan): boolean {
  switch (scope.kind) {
    case "run":
    case "window":
      return true;
    case "command":
      return instance.commandKey === scope.command;
    case "instance":
      return instance.name === scope.instance || instance.group === scope.instance;
  }
}

/** What is known of the cost, in dollars: a model without a price adds nothing, so the truth may be more. */
export function knownCost(spent: Spending): number {
  return Object.values(spent.byModel).reduce((sum, { costUsd = 0 }) => sum + costUsd, 0);
}

/** Whether two limits cover and count the same, however high they are. */
export function isSameLimit(a: Pick<BudgetLimit, "scope" | "unit">, b: Pick<BudgetLimit, "scope" | "unit">): boolean {
  return a.unit === b.unit && JSON.stringify(a.scope) === JSON.stringify(b.scope);
}
