import { statSync } from "node:fs";
import { basename } from "node:path";
import { parseRunId, UserError } from "@claude-orchestrator/domain";
import { markerName } from "@claude-orchestrator/engine";
import { reap, startReaper } from "@claude-orchestrator/host";
import type { Reaper } from "@claude-orchestrator/host";
import { standingOf } from "./standing.ts";

/** Starts whoever ends the agents of a run when this program is gone without having done so. */
export function startRunReaper(directory: string): Reaper {
  return startReaper({
    command: [process.execPath, process.argv[1] ?? "", "reap", directory],
  });
}

/**
 * `reap FOLDER`: 0, whether somebody has gone on with the run or what was left of it has been ended.
 *
 * @throws UserError run-not-found
 */
export async function reapRun(directory: string, graceSeconds: number | undefined): Promise<number> {
  const id = parseRunId(basename(directory));
  const made = statSync(directory, { throwIfNoEntry: false });
  if (id === undefined || made?.isDirectory() !== true) {
    throw new UserError("run-not-found", `${directory} is not the folder of a run`);
  }
  await reap({
    markerName: markerName(id),
    since: made.birthtimeMs,
    isTakenUp: () => standingOf(directory, false).is === "running",
    ...(graceSeconds === undefined ? {} : { graceMs: graceSeconds * 1000 }),
  });
  return 0;
}
