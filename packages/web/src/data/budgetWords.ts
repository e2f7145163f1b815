import { formatSettingDuration } from "@claude-orchestrator/domain";
import type { BudgetScope } from "@claude-orchestrator/domain";

/** Whose budget it is: "the whole run", "/review", "tests", "any 5h". A kind that a newer server knows is said by its own word. */
export function scopeWords(scope: BudgetScope): string {
  const words: Readonly<Record<string, string>> = {
    run: "the whole run",
    command: "command" in scope ? scope.command : "",
    instance: "instance" in scope ? scope.instance : "",
    window: "windowMs" in scope ? `any ${formatSettingDuration(scope.windowMs)}` : "",
  };
  return words[scope.kind] ?? scope.kind.replaceAll("_", " ");
}
