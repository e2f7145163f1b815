import { statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { Schedules } from "@claude-orchestrator/domain";
import { openScheduleLog, scheduleLogName } from "@claude-orchestrator/store";
import type { ScheduleLog } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { programName, programVersion } from "../program/version.ts";

/**
 * Where what belongs to a person and to no folder is kept, absolute: CLAUDE_ORCHESTRATOR_STATE, else the place the platform
 * has for it. Nothing is made.
 */
export function stateFolder({ env, cwd }: Pick<Io, "env" | "cwd">, platform = process.platform): string {
  const wish = env["CLAUDE_ORCHESTRATOR_STATE"];
  if (wish !== undefined && wish !== "") return resolve(cwd, wish);
  const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), programName, "state");
  if (platform === "darwin") return join(home, "Library", "Application Support", programName);
  const xdg = env["XDG_STATE_HOME"];
  // The specification has a relative one ignored.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, ".local", "state"), programName);
}

/** The log of this person's schedules, made where there is none. @throws UserError log-not-usable */
export function openSchedules(io: Pick<Io, "env" | "cwd">): ScheduleLog {
  return openScheduleLog(stateFolder(io), { wall: () => Date.now(), programVersion: programVersion() });
}

/** What the log tells of this person's schedules; nothing is made where there is none. @throws UserError log-not-usable */
export function readSchedules(io: Pick<Io, "env" | "cwd">): Schedules {
  if (!isThere(join(stateFolder(io), scheduleLogName))) return new Map();
  const log = openSchedules(io);
  try {
    return log.read();
  } finally {
    log.close();
  }
}

/** "There is none" is said only where that was seen. @throws UserError log-not-usable where nobody lets us see */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw new UserError("log-not-usable", `Whether there are schedules cannot be found out: ${path} is out of reach`, {
      hint: "work as the user to whom that folder belongs, or name another with CLAUDE_ORCHESTRATOR_STATE",
      cause: error,
    });
  }
}
