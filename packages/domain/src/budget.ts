import type { Spending } from "./events.ts";
import { formatSettingDuration } from "./format.ts";
import type { BudgetLimit, BudgetScope, InstancePlan } from "./plan.ts";

/** Whether what this instance spends counts against the limit. */
export function limitCovers({ scope }: Pick<BudgetLimit, "scope">, instance: InstancePlan): boolean {
  switch (scope.kind) {
    case "run":
    case "window":
    case "machine":
    case "day":
      return true;
    case "command":
      return instance.commandKey === scope.command;
    case "instance":
    case "attempt":
    case "sub_agent":
      return instance.name === scope.instance || instance.group === scope.instance;
  }
}

/** True for what is counted over all runs of a person on this machine, not only over this one. */
export function isShared({ scope }: Pick<BudgetLimit, "scope">): boolean {
  return scope.kind === "machine" || scope.kind === "day";
}

/** True for a limit that counts each attempt, or each sub-agent, by itself. */
export function isApart({ scope }: Pick<BudgetLimit, "scope">): boolean {
  return scope.kind === "attempt" || scope.kind === "sub_agent";
}

/** True for two limits that a person would call the same one, whatever their amounts. */
export function isSameLimit(a: Pick<BudgetLimit, "scope" | "unit">, b: Pick<BudgetLimit, "scope" | "unit">): boolean {
  return a.unit === b.unit && scopeKey(a.scope) === scopeKey(b.scope);
}

/** The same for two scopes that cover the same. */
export function scopeKey(scope: BudgetScope): string {
  return JSON.stringify(Object.entries(scope).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The limits with another amount for one of them, or with one more. */
export function withLimit(limits: readonly BudgetLimit[], wanted: BudgetLimit): readonly BudgetLimit[] {
  const isThere = limits.some((limit) => isSameLimit(limit, wanted));
  if (!isThere) return [...limits, wanted];
  return limits.map((limit) => (isSameLimit(limit, wanted) ? { ...limit, limit: wanted.limit } : limit));
}

/** What a limit covers, as the end of "the budget of …". */
export function scopeWords(scope: BudgetScope): string {
  switch (scope.kind) {
    case "run":
      return "the run";
    case "command":
      return `command \`${scope.command}\``;
    case "instance":
      return `instance \`${scope.instance}\``;
    case "attempt":
      return `each attempt of \`${scope.instance}\``;
    case "sub_agent":
      return `each sub-agent of \`${scope.instance}\``;
    case "window":
      return `the last ${formatSettingDuration(scope.windowMs)}`;
    case "machine":
      return `all runs of the last ${formatSettingDuration(scope.windowMs)}`;
    case "day":
      return scope.zone === undefined ? "all runs of the day" : `all runs of the day in ${scope.zone}`;
  }
}

/** What a person writes for a limit: `run`, `instance:review`, `window:5h`. */
export function scopeLabel(scope: BudgetScope): string {
  switch (scope.kind) {
    case "run":
    case "day":
      return scope.kind;
    case "command":
      return `command:${scope.command}`;
    case "instance":
    case "attempt":
      return `${scope.kind}:${scope.instance}`;
    case "sub_agent":
      return `sub-agent:${scope.instance}`;
    case "window":
    case "machine":
      return `${scope.kind}:${formatSettingDuration(scope.windowMs)}`;
  }
}

/** What is known of the cost, in dollars: a model without a price adds nothing, so the truth may be more. */
export function knownCost(spent: Spending): number {
  return Object.values(spent.byModel).reduce((sum, { costUsd = 0 }) => sum + costUsd, 0);
}
