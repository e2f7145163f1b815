import { formatSettingDuration } from "@claude-orchestrator/domain";
import type { BudgetScope } from "@claude-orchestrator/domain";

/** Whose budget it is: "the whole run", "/review", "tests", "any 5h". A kind that a newer server knows is said by its own word. */
export function scopeWords(scope: BudgetScope): string {
  switch (scope.kind) {
    case "run":
      return "the whole run";
    case "command":
      return scope.command;
    case "instance":
      return scope.instance;
    case "attempt":
      return `each attempt of ${scope.instance}`;
    case "sub_agent":
      return `each sub-agent of ${scope.instance}`;
    case "window":
      return `any ${formatSettingDuration(scope.windowMs)}`;
    case "machine":
      return `all runs of the last ${formatSettingDuration(scope.windowMs)}`;
    case "day":
      return "all runs of the day";
    default:
      return (scope as { readonly kind: string }).kind.replaceAll("_", " ");
  }
}
