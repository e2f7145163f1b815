import type { BudgetLimit, PermissionMode } from "@claude-orchestrator/domain";

/** Words a flag may have; kept apart from what needs them so that help loads nothing else. */
export const permissionModes: readonly PermissionMode[] = [
  "default",
  "acceptEdits",
  "plan",
  "dontAsk",
  "auto",
  "bypassPermissions",
];

export const enforcements: readonly BudgetLimit["enforcement"][] = ["warn", "block", "pause"];
