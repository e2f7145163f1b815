import type { RunSummaryDocument } from "@claude-orchestrator/protocol";

/** Older ends are history: nobody waits for a decision on them. */
const recentMs = 24 * 60 * 60_000;

/** Whether a run waits for a person: nobody supervises it, a budget stopped it, or something in it failed not long ago. */
export function needsSomebody({ status, ended_at }: Pick<RunSummaryDocument, "status" | "ended_at">): boolean {
  if (status === "interrupted") return true;
  if (status !== "failed" && status !== "budget_exceeded") return false;
  return ended_at !== null && Date.now() - Date.parse(ended_at) < recentMs;
}
