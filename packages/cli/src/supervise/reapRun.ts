import { statSync } from "node:fs";
import { basename } from "node:path";
import { parseRunId, UserError } from "@claude-orchestrator/domain";
import { markerName } from "@claude-orchestrator/engine";
import { reap, startReaper } from "@claude-orchestrator/host";
import type { Reaper } from "@claude-orchestrator/host";
import { programEnvironment, programWords } from "../program/programWords.ts";
import { standingOf } from "./standing.ts";

/** Starts whoever ends the agents of a run when this program is gone without having done so. */
export function startRunReaper(directory: string): Reaper {
  const since = String(Math.floor(statSync(directory).birthtimeMs));
  return startReaper({
    command: [...programWords(), "reap", directory, "--since", since],
    env: programEnvironment(),
  });
}

/**
 * `reap FOLDER`: 0, whether somebody has gone on with the run or what was left of it has been ended; also where the folder is
 * gone meanwhile.
 *
 * @throws UserError run-not-found
 */
export async function reapRun(
  directory: string,
  { since, grace }: { readonly since: number | undefined; readonly grace: number | undefined },
): Promise<number> {
  const id = parseRunId(basename(directory));
  if (id === undefined) throw new UserError("run-not-found", `${directory} is not the folder of a run`);
  await reap({
    markerName: markerName(id),
    since: since ?? statSync(directory, { throwIfNoEntry: false })?.birthtimeMs ?? 0,
    isTakenUp: () => standingOf(directory, false).is === "running",
    ...(grace === undefined ? {} : { graceMs: grace * 1000 }),
  });
  return 0;
}
