import type { Fleet } from "@claude-orchestrator/server";
import type { Io } from "../io/channel.ts";
import { programVersion } from "../program/version.ts";
import { controlRoutes } from "./controlRoutes.ts";
import { FoldedRuns } from "./foldedRuns.ts";
import { outputOf, readRoutes, summaryOf } from "./readRoutes.ts";
import { scheduleRoutes } from "./scheduleRoutes.ts";
import { startRoutes } from "./startRoutes.ts";

/** This program's commands, as the server asks for them. Runs of the server and of terminals are the same runs. */
export function fleetOf(io: Io, runsFolder: string): Fleet {
  const folded = new FoldedRuns();
  return {
    routes: {
      ...startRoutes(io, runsFolder),
      ...controlRoutes(io, runsFolder),
      ...readRoutes(io, runsFolder, folded),
      ...scheduleRoutes(io, runsFolder),
    },
    version: programVersion(),
    workspace: io.cwd,
    runsFolder,
    summaryOf,
    outputOf: (run, wish) => outputOf(run, wish, folded),
  };
}
