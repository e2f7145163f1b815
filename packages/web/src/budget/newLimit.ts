import { scopeLabel } from "@claude-orchestrator/domain";
import type { BudgetLimit, BudgetScope, RunState } from "@claude-orchestrator/domain";
import { budgetUse } from "./budgetUse.ts";
import type { SpendingStep } from "./spendingSteps.ts";
import type { BudgetUnit } from "./wantedAmount.ts";

export interface NewLimit {
  /** As it would stand: what is there keeps what it does when it is exceeded, what is new stops what it covers. */
  readonly limit: Omit<BudgetLimit, "limit">;
  /** In its own unit. */
  readonly spent: number;
  readonly isNew: boolean;
}

/** What a budget of that name would be; undefined where the page does not know the name: the server says what is wrong with it. */
export function newLimit(
  state: RunState,
  steps: readonly SpendingStep[],
  { scope: word, unit }: { readonly scope: string; readonly unit: BudgetUnit },
): NewLimit | undefined {
  const known = state.plan.limits.find((limit) => limit.unit === unit && names(word, scopeLabel(limit.scope)));
  const scope = known?.scope ?? scopeOf(state, word);
  if (scope === undefined) return undefined;
  const limit = known ?? { scope, unit, enforcement: "block" as const, limit: Number.MAX_SAFE_INTEGER };
  const asked = { ...state, plan: { ...state.plan, limits: [limit] } };
  const [use] = budgetUse(asked, steps, state.lastAt);
  return { limit, spent: (use?.spent ?? 0) + (use?.reserved ?? 0), isNew: known === undefined };
}

/** By its whole label, or by the part of it after the colon. */
function names(word: string, label: string): boolean {
  return label === word || label.replace(/^[a-z-]+:/, "") === word;
}

function scopeOf(state: RunState, word: string): BudgetScope | undefined {
  if (word === "run" && !state.instances.has(word)) return { kind: "run" };
  return state.instances.has(word) ? { kind: "instance", instance: word } : undefined;
}
