import { UserError } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import { isAlive } from "@claude-orchestrator/host";
import { isRunLocked } from "@claude-orchestrator/store";
import type { RunSummary } from "@claude-orchestrator/store";
import { programName } from "../program/version.ts";
import { clockTime } from "../views/words.ts";
import { readHistory } from "./history.ts";
import { readSupervisorRecord } from "./supervisorRecord.ts";
import type { SupervisorRecord } from "./supervisorRecord.ts";

/**
 * Where a run stands: its log says whether it has settled; if not, its lock, which the kernel takes from a dead process, says
 * whether anybody supervises it. Only where the lock cannot be looked at does the identity of a living process count: one
 * that has died and that nobody has taken note of (a zombie) looks alive.
 */
export type Standing =
  /** `supervisor` is absent as long as it has not said who it is. */
  | { readonly is: "running"; readonly supervisor?: SupervisorRecord }
  | { readonly is: "settled" }
  | { readonly is: "interrupted" };

/** @param hasSettled as the log says */
export function standingOf(directory: string, hasSettled: boolean): Standing {
  if (hasSettled) return { is: "settled" };
  const supervisor = livingSupervisor(directory);
  if (!(isLocked(directory) ?? supervisor !== undefined)) return { is: "interrupted" };
  return { is: "running", ...(supervisor === undefined ? {} : { supervisor }) };
}

/** The same by the log as it is now. */
export function standingByLog(run: Pick<RunSummary, "id" | "directory">): Standing {
  const hasSettled = (): boolean => readHistory(run)?.phase.status === "settled";
  const standing = standingOf(run.directory, hasSettled());
  // It may have settled, and let go of its lock, between the look at the one and at the other.
  return standing.is === "interrupted" && hasSettled() ? { is: "settled" } : standing;
}

/** The same for one of a list, without its whole log being read where that is not needed. */
export function standingOfListed(run: RunSummary): Standing {
  if (run.settled === undefined) return standingOf(run.directory, false);
  // It may have been gone on with since: then somebody is, or was, its supervisor again.
  if (readSupervisorRecord(run.directory) === undefined) return { is: "settled" };
  return standingByLog(run);
}

/** Whoever the run's folder names, where exactly that process still runs. */
export function livingSupervisor(directory: string): SupervisorRecord | undefined {
  const supervisor = readSupervisorRecord(directory);
  return supervisor !== undefined && isAlive(supervisor.identity) ? supervisor : undefined;
}

/** Undefined where the lock cannot be looked at: the folder is somebody else's. */
export function isLocked(directory: string): boolean | undefined {
  try {
    return isRunLocked(directory);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** ", by process 4711 since 14:05"; empty where nobody is named. */
export function supervisorWords(record: SupervisorRecord | undefined): string {
  if (record === undefined) return "";
  return `, by process ${record.identity.pid} since ${clockTime(record.startedAt, Date.now())}`;
}

/** How a run that has not settled stands, as a sentence about it; undefined for one that has. */
export function standingSentence(id: string, standing: Standing): string | undefined {
  if (standing.is === "settled") return undefined;
  if (standing.is === "running") return `is at work${supervisorWords(standing.supervisor)}`;
  return `was interrupted: its program ended before it did. ${interruptedHint(id)}`;
}

/** Of a run that goes on and starts nothing, since a person paused it: that, and what they can do; else undefined. */
export function pausedSentence(state: RunState | undefined): string | undefined {
  if (state?.paused?.cause.kind !== "user") return undefined;
  return `${state.id} is still paused: nothing more starts until \`${programName} unpause ${state.id}\``;
}

/** What a person can do about a run that was cut off. */
export function interruptedHint(id: string): string {
  return `\`${programName} resume ${id}\` goes on with it, \`${programName} stop ${id}\` ends it`;
}
