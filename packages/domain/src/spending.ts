import type { ModelSpending, Spending } from "./events.ts";
import { addUsage, noUsage } from "./usage.ts";

export const nothingSpent: Spending = {
  byModel: {},
  usage: noUsage,
  costUsd: 0,
  costSource: "none",
  final: true,
};

/**
 * The sum of two attempts' spending. A cost that is unknown on either side stays unknown: a sum that left a part out would
 * be a smaller number than the truth.
 */
export function addSpending(a: Spending, b: Spending): Spending {
  if (isNothing(a)) return b;
  if (isNothing(b)) return a;
  const byModel: Record<string, ModelSpending> = { ...a.byModel };
  for (const [model, spent] of Object.entries(b.byModel)) {
    const before = byModel[model];
    byModel[model] = before === undefined ? spent : addModel(before, spent);
  }
  return {
    byModel,
    usage: addUsage(a.usage, b.usage),
    ...costOfBoth(a.costUsd, b.costUsd),
    costSource: sourceOfBoth(a.costSource, b.costSource),
    final: a.final && b.final,
  };
}

function isNothing(spent: Spending): boolean {
  return spent.costSource === "none" && spent.final && Object.keys(spent.byModel).length === 0;
}

function addModel(a: ModelSpending, b: ModelSpending): ModelSpending {
  return { usage: addUsage(a.usage, b.usage), ...costOfBoth(a.costUsd, b.costUsd) };
}

function costOfBoth(a: number | undefined, b: number | undefined): { costUsd?: number } {
  return a === undefined || b === undefined ? {} : { costUsd: a + b };
}

function sourceOfBoth(a: Spending["costSource"], b: Spending["costSource"]): Spending["costSource"] {
  if (a === "none") return b;
  if (b === "none" || a === b) return a;
  return a === "unknown" || b === "unknown" ? "unknown" : "mixed";
}
