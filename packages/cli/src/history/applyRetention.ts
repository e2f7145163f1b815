import { dirname } from "node:path";
import { formatBytes } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { chooseRuns } from "./chooseRuns.ts";
import { removeLeftovers, removeRun } from "./removeRun.ts";
import { surveyRuns } from "./surveyRuns.ts";

/**
 * Removes the runs of the past that are more than the ended run's file wants kept (its `retention`), from the folder that run
 * is in; never that run itself, nor one that is running or can be resumed. Never throws, and never fails a run: gives one
 * sentence for a person where something was removed or could not be.
 */
export function applyRetention(
  { id, plan, directory }: Pick<RunState, "id" | "plan" | "directory">,
  { now, env }: { readonly now: number; readonly env: Io["env"] },
): string | undefined {
  const { retention } = plan;
  if (retention === undefined) return undefined;
  try {
    const folder = dirname(directory);
    removeLeftovers(folder, now);
    const runs = surveyRuns(folder, env).map((run) => (run.id === id ? ({ ...run, state: "running" } as const) : run));
    const { removed } = chooseRuns(runs, { retention, now });
    const done = removed.filter(({ run }) => removeRun(run.directory) === undefined);
    if (removed.length === 0) return undefined;
    const bytes = formatBytes(done.reduce((sum, { run }) => sum + run.bytes, 0));
    const failed = removed.length - done.length;
    const rest = failed === 0 ? "" : `; ${failed} more could not be removed, \`runs prune\` says why`;
    return `Removed ${done.length} ${done.length === 1 ? "run" : "runs"} of the past as \`retention\` says, freed ${bytes}${rest}`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `Runs of the past could not be removed as \`retention\` says: ${why}`;
  }
}
