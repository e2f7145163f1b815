import { statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { FiredSlot, RunOutcome, ScheduleEvent, ScheduleState, SlotOutcome } from "@claude-orchestrator/domain";
import { openRunLog } from "@claude-orchestrator/store";
import type { RunLogReader } from "@claude-orchestrator/store";
import { standingOf } from "../supervise/standing.ts";

/** From the moment a slot is fired until its run is supervised; a slow disk may take some of it. */
const beginningMs = 60_000;

/**
 * How the run of a fired slot ended; undefined while it goes on. A run nobody supervises was interrupted, but for the moments
 * in which it begins.
 */
export function slotOutcome({ run, at }: FiredSlot, runs: string, now: number): SlotOutcome | undefined {
  const directory = join(runs, run);
  const mayBegin = now - at < beginningMs;
  if (statSync(directory, { throwIfNoEntry: false }) === undefined) return mayBegin ? undefined : "interrupted";
  if (standingOf(directory, false).is === "running") return undefined;
  // Read after the look at its supervisor, who may have settled it in between.
  return settledOutcome(directory) ?? (mayBegin ? undefined : "interrupted");
}

/** What is to be written down of the runs of a schedule that are over. */
export function endedSlots({ schedule, running }: ScheduleState, now: number): readonly EndedSlot[] {
  return running.flatMap((fired) => {
    const outcome = slotOutcome(fired, schedule.runs, now);
    return outcome === undefined ? [] : [{ type: "schedule-ended", id: schedule.id, slot: fired.slot, outcome }];
  });
}

type EndedSlot = Extract<ScheduleEvent, { readonly type: "schedule-ended" }>;

/** Undefined where the log does not tell of an end. */
function settledOutcome(directory: string): RunOutcome | undefined {
  let log: RunLogReader | undefined;
  try {
    log = openRunLog(directory);
    let outcome: RunOutcome | undefined;
    for (const event of log.events()) {
      if (event.type === "run-settled") ({ outcome } = event);
      else if (event.type === "run-reopened") outcome = undefined;
    }
    return outcome;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  } finally {
    log?.close();
  }
}
