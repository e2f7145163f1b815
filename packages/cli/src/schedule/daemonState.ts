import { UserError } from "@claude-orchestrator/domain";
import { isRunLocked } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { line } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";
import { stateFolder } from "./stateFolder.ts";

/** Whether a daemon fires this person's schedules; undefined where that cannot be found out. */
export function isDaemonRunning(io: Pick<Io, "env" | "cwd">): boolean | undefined {
  try {
    return isRunLocked(stateFolder(io));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** What to do where nobody fires schedules; empty where somebody does. */
export function noDaemonLines(io: Pick<Io, "env" | "cwd">): readonly Line[] {
  if (isDaemonRunning(io) === true) return [];
  return [
    line("No daemon is running, so nothing is fired yet", "warn"),
    line(`as long as a terminal lasts  ${programName} schedule daemon`, "quiet"),
    line(`from now on                  ${programName} schedule install`, "quiet"),
  ];
}
