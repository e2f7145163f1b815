import { readdirSync } from "node:fs";
import path from "node:path";
import { findRun, openRunLog } from "@claude-orchestrator/store";
import type { Load } from "./subjects.ts";

/**
 * Whether the run in a workspace counted everything its agents printed, read from its log: "yes", or what is wrong. A fast
 * run that lost something is no fast run.
 */
export function checkCounts(workspace: string, load: Load): string {
  const runs = path.join(workspace, ".orchestrator", "runs");
  if (!readdirSync(workspace).includes(".orchestrator")) return "no log found";
  const reader = openRunLog(findRun(runs, "latest").directory);
  const counts = { tokens: 0, succeeded: 0 };
  for (const event of reader.events()) {
    if (event.type !== "attempt-ended") continue;
    const { input, output, cacheRead } = event.spent.usage;
    counts.tokens += input + output + cacheRead;
    counts.succeeded += event.verdict === "succeeded" ? 1 : 0;
  }
  reader.close();
  const messages = Math.floor((load.events + 2) / 3) + (load.line > 0 ? 1 : 0);
  const expected = load.instances * messages * 115;
  if (counts.succeeded !== load.instances) return `${counts.succeeded} of ${load.instances} succeeded`;
  return counts.tokens === expected ? "yes" : `${counts.tokens} of ${expected} tokens`;
}
