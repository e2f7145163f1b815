import { statSync } from "node:fs";
import type { RunId } from "@claude-orchestrator/domain";
import { listRecords } from "@claude-orchestrator/host";
import { type DamagedRun, type RunSummary, isRunLocked, listRuns } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { folderSize } from "./folderSize.ts";

/** A run as far as it matters to what is kept. */
export interface SurveyedRun {
  readonly id: RunId;
  readonly directory: string;
  /** `running`: a process supervises it. `unfinished`: none does, and it can be taken up again. `damaged`: nobody can say. */
  readonly state: "running" | "unfinished" | "damaged" | "settled";
  /** When it ended, else when it began, ms since 1970. */
  readonly at: number;
  readonly bytes: number;
  /** Folders of its instances are still there (`worktrees list`): to look at them or land them the run is needed. */
  readonly hasFolders: boolean;
}

/** The runs of a folder, newest first. */
export function surveyRuns(runsFolder: string, env: Io["env"]): readonly SurveyedRun[] {
  const withFolders = new Set(listRecords(env).map(({ record }) => record.directory));
  return listRuns(runsFolder).map((run) => survey(run, withFolders));
}

function survey(run: RunSummary | DamagedRun, withFolders: ReadonlySet<string>): SurveyedRun {
  const { id, directory } = run;
  return {
    id,
    directory,
    state: stateOf(run),
    at: "damaged" in run ? changedAt(directory) : (run.settled?.at ?? run.createdAt),
    bytes: folderSize(directory),
    hasFolders: withFolders.has(directory),
  };
}

/** A settled run may run again (`retry`), so the lock is asked first. */
function stateOf(run: RunSummary | DamagedRun): SurveyedRun["state"] {
  try {
    if (isRunLocked(run.directory)) return "running";
  } catch {
    return "damaged";
  }
  if ("damaged" in run) return "damaged";
  return run.settled === undefined ? "unfinished" : "settled";
}

function changedAt(directory: string): number {
  try {
    return statSync(directory).mtimeMs;
  } catch {
    // Gone meanwhile, or not ours to look at.
    return 0;
  }
}
