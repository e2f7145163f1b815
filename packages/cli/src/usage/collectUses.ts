import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LoggedEvent, RunId, RunState } from "@claude-orchestrator/domain";
import { listRuns } from "@claude-orchestrator/store";
import type { RunLogReader, RunSummary } from "@claude-orchestrator/store";
import { RunFold } from "../run/runFold.ts";
import { openLogOf } from "../supervise/history.ts";
import { readResult } from "./readResult.ts";
import { isSound, runUseOf } from "./runUse.ts";
import type { RunUse } from "./runUse.ts";
import type { UsagePeriod } from "./usagePeriod.ts";

/** A run of a folder: what it used, or why that is not known. */
export type FoundUse =
  | {
      readonly is: "read";
      readonly use: RunUse;
      readonly directory: string;
      /** What of its log is damaged and not counted, one sentence each. */
      readonly damage: readonly string[];
    }
  | { readonly is: "skipped"; readonly id: RunId; readonly why: string };

/** A larger one is not parsed in one piece: the log is read event by event. */
const largestResult = 64 * 1024 * 1024;

/**
 * What the runs of a folder used, newest first, those that surely lie outside the period left out. One run is in memory at a
 * time. Of a run that has settled its `result.json` is read, where it is whole; of others, and without it, the log.
 *
 * @throws UserError file-not-readable where the folder cannot be looked into
 */
export function* collectUses(runsFolder: string, period: UsagePeriod): Iterable<FoundUse> {
  for (const run of listRuns(runsFolder)) {
    if ("damaged" in run) {
      yield { is: "skipped", id: run.id, why: run.damaged };
      continue;
    }
    if (period.isTooLate(run.createdAt)) continue;
    if (run.settled !== undefined && period.isTooEarly(run.settled.at)) continue;
    yield readUse(run);
  }
}

function readUse(run: RunSummary): FoundUse {
  try {
    const use = useByResult(run);
    return use === undefined ? useByLog(run) : { is: "read", use, directory: run.directory, damage: [] };
  } catch (error) {
    // Whatever is wrong with one run, the others are told.
    return { is: "skipped", id: run.id, why: error instanceof Error ? error.message : String(error) };
  }
}

function useByResult({ id, directory, settled }: RunSummary): RunUse | undefined {
  if (settled === undefined) return undefined;
  const path = join(directory, "result.json");
  try {
    const entry = statSync(path);
    if (!entry.isFile() || entry.size > largestResult) return undefined;
    return readResult(readFileSync(path, "utf8"), { id, settledAt: settled.at });
  } catch {
    // Not there, or not ours to read: the log tells the same.
    return undefined;
  }
}

function useByLog(run: RunSummary): FoundUse {
  const { id, directory } = run;
  const log = openLogOf(run);
  try {
    const { state, damage } = foldLog(log);
    if (state === undefined) return { is: "skipped", id, why: "its log tells nothing yet" };
    const use = runUseOf(state);
    if (!isSound(use)) return { is: "skipped", id, why: "its log tells figures that are none" };
    return { is: "read", use, directory, damage };
  } finally {
    log.close();
  }
}

function foldLog(log: RunLogReader): { readonly state: RunState | undefined; readonly damage: readonly string[] } {
  const fold = new RunFold();
  let count = 0;
  let last = 0;
  function* events(): Iterable<LoggedEvent> {
    for (const event of log.events()) {
      count += 1;
      last = event.seq;
      yield event;
    }
  }
  fold.add(events());
  // Numbers without a gap: nothing is damaged, and the log need not be read once more to find out what.
  const isWhole = count === last && (log.meta.closedAt ?? 0) <= last;
  const passedOver = fold.passedOver.map((seq) => `event ${seq} is not what it says it is`);
  return { state: fold.state, damage: [...(isWhole ? [] : log.damage().map(({ what }) => what)), ...passedOver] };
}
