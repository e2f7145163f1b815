import { existsSync } from "node:fs";
import { isRunLocked, openRunLog } from "@claude-orchestrator/store";
import { RunFold } from "../run/runFold.ts";

/** Why a worktree of the run in that directory must stay for the run's sake; undefined where it need not. */
export function whyRunNeedsIt(directory: string): string | undefined {
  if (!existsSync(directory)) return undefined;
  try {
    if (isRunLocked(directory)) return "its run is going on";
    const log = openRunLog(directory);
    try {
      const fold = new RunFold();
      fold.add(log.events());
      return fold.state?.phase.status === "settled" ? undefined : "its run has not ended and may be taken up again";
    } finally {
      log.close();
    }
  } catch {
    return "nobody can tell whether its run goes on";
  }
}
