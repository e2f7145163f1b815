import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RunId } from "@claude-orchestrator/domain";
import { type DamagedRun, type RunSummary, isRunLocked, listRuns } from "@claude-orchestrator/store";
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
  /** Why it stays whatever is asked: something in it is not ours to remove. */
  readonly holds?: string;
}

/** The runs of a folder, newest first. */
export function surveyRuns(runsFolder: string): readonly SurveyedRun[] {
  return listRuns(runsFolder).map(survey);
}

function survey(run: RunSummary | DamagedRun): SurveyedRun {
  const { id, directory } = run;
  const holds = heldWork(directory);
  return {
    id,
    directory,
    state: stateOf(run),
    at: "damaged" in run ? changedAt(directory) : (run.settled?.at ?? run.createdAt),
    bytes: folderSize(directory),
    ...(holds === undefined ? {} : { holds }),
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

/** Worktrees may hold work that is nowhere else; `worktrees clean` knows which. */
function heldWork(directory: string): string | undefined {
  try {
    return readdirSync(join(directory, "worktrees")).length > 0 ? "it holds worktrees" : undefined;
  } catch {
    return undefined;
  }
}

function changedAt(directory: string): number {
  return statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
