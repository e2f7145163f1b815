import type { RunOutcome } from "../events.ts";
import type { RunId } from "../ids.ts";

/** What becomes of slots that passed while nobody could fire them (no daemon, a sleeping machine). */
export type MissedPolicy =
  /** They are left out, and said to be. */
  | "skip"
  /** One run for all of them. */
  | "once"
  /** Each has its run, one after the other, the newest `mostMissedRuns` at most. */
  | "all";

/** What becomes of a slot whose predecessor still runs. */
export type OverlapPolicy = "skip" | "queue" | "replace";

/** A file that is run again and again. Holds no secret: see the check of its flags where it is added. */
export interface Schedule {
  /** Never used twice, whatever the name is: `sch_` and ten characters. */
  readonly id: string;
  /** Unique among the schedules of the same time. */
  readonly name: string;
  /** Five fields, or six with seconds first. */
  readonly cron: string;
  /** A name of the IANA time zone database. */
  readonly zone: string;
  /** Absolute. */
  readonly file: string;
  /** What follows the file in `run FILE …`. */
  readonly flags: readonly string[];
  /** Absolute: the folder it was added from, where its runs are started. */
  readonly cwd: string;
  /** Absolute: the folder its runs are kept in. */
  readonly runs: string;
  readonly missed: MissedPolicy;
  readonly overlap: OverlapPolicy;
}

/** Why a slot has its run. "by-hand": `run-now`, at a time of its own, which has no place in the order of the slots. */
export type SlotWay = "on-time" | "missed" | "queued" | "replacing" | "by-hand";

export type SkipReason =
  /** It passed while nobody could fire it. */
  | { readonly kind: "missed" }
  /** More had been missed than are ever made up for. */
  | { readonly kind: "too-many-missed" }
  /** One run is for all that were missed: that of this slot. */
  | { readonly kind: "stood-for"; readonly by: number }
  /** The run of an earlier slot was not over. */
  | { readonly kind: "overlap"; readonly slot: number }
  /** One slot waits already, and no more than one does. */
  | { readonly kind: "queue-full"; readonly waiting: number }
  /** A later slot took its place before its run began. */
  | { readonly kind: "replaced"; readonly by: number }
  /** It was claimed, and whoever claimed it was gone before its run began. */
  | { readonly kind: "never-started" };

/**
 * Everything that can be a fact of the schedules of one person. Slots are named by their time, ms since 1970. A slot is
 * claimed by `schedule-due` before anything is started for it; of `schedule-fired`, `schedule-skipped` and
 * `schedule-failed` each slot has exactly one, and `schedule-ended` follows `schedule-fired` only.
 */
export type ScheduleEvent =
  | { readonly type: "schedule-added"; readonly schedule: Schedule }
  /** What waits is dropped; a run that began goes on. */
  | { readonly type: "schedule-removed"; readonly id: string }
  | { readonly type: "schedule-paused"; readonly id: string }
  /** Slots that passed meanwhile were none. */
  | { readonly type: "schedule-unpaused"; readonly id: string }
  | {
      readonly type: "schedule-due";
      readonly id: string;
      readonly slot: number;
      readonly run: RunId;
      readonly way: SlotWay;
    }
  /** Written by the run itself, before it makes its own log: nobody else can begin it then. */
  | { readonly type: "schedule-fired"; readonly id: string; readonly slot: number; readonly run: RunId }
  /** `count` neighbouring slots, `from` the first and `slot` the last of them. */
  | {
      readonly type: "schedule-skipped";
      readonly id: string;
      readonly slot: number;
      readonly from: number;
      readonly count: number;
      readonly reason: SkipReason;
    }
  /** No run began; `reason` is a sentence. */
  | { readonly type: "schedule-failed"; readonly id: string; readonly slot: number; readonly reason: string }
  | {
      readonly type: "schedule-ended";
      readonly id: string;
      readonly slot: number;
      readonly outcome: SlotOutcome;
    };

/** "interrupted": nobody supervises the run and it is not over. */
export type SlotOutcome = RunOutcome | "interrupted";

/** As it is on disk: numbered without a gap; `at` is the wall clock, ms since 1970. */
export type LoggedScheduleEvent = ScheduleEvent & { readonly seq: number; readonly at: number };

/** The schedule an event is about. */
export function scheduleOf(event: ScheduleEvent): string {
  return event.type === "schedule-added" ? event.schedule.id : event.id;
}
