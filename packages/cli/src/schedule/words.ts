import type { Schedule, ScheduleEvent, ScheduleState, SkipReason, SlotEnd } from "@claude-orchestrator/domain";
import { counted } from "../views/words.ts";
import type { Tone } from "../views/text/line.ts";

/** "2026-11-26 02:00 +01:00", in the schedule's zone; with seconds where they are not 0. */
export function slotTime(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "longOffset",
  }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? "";
  const seconds = of("second") === "00" ? "" : `:${of("second")}`;
  const offset = of("timeZoneName").replace("GMT", "") || "+00:00";
  return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}${seconds} ${offset}`;
}

/** Why slots had no run, as the end of a sentence. */
export function skipWords(reason: SkipReason, zone: string): string {
  switch (reason.kind) {
    case "missed":
      return "it passed while no daemon was there to fire it";
    case "too-many-missed":
      return "more were missed than are made up for";
    case "stood-for":
      return `the run of ${slotTime(reason.by, zone)} makes up for it`;
    case "overlap":
      return `the run of ${slotTime(reason.slot, zone)} was not over`;
    case "queue-full":
      return `${slotTime(reason.waiting, zone)} waits for its turn already`;
    case "replaced":
      return `${slotTime(reason.by, zone)} took its place`;
    case "never-started":
      return "its daemon was gone before its run began";
  }
}

/** How a slot ended: a few words, and what they mean to a person. */
export function endWords(end: SlotEnd, zone: string): { readonly text: string; readonly tone: Tone } {
  switch (end.kind) {
    case "ended": {
      const isGood = end.outcome === "succeeded";
      return { text: `${end.outcome.replaceAll("_", " ")} (${end.run})`, tone: isGood ? "good" : "bad" };
    }
    case "failed":
      return { text: `failed to start: ${end.reason}`, tone: "bad" };
    case "skipped": {
      const several = end.count > 1 ? `${counted(end.count, "slot")} ` : "";
      return { text: `${several}skipped: ${skipWords(end.reason, zone)}`, tone: "warn" };
    }
  }
}

/** What a schedule does now, or how its newest slot ended. */
export function lastWords(state: ScheduleState): { readonly text: string; readonly tone: Tone } {
  const { zone } = state.schedule;
  const [running] = state.running;
  if (running !== undefined) return { text: `running (${running.run})`, tone: "accent" };
  const [pending] = state.pending;
  if (pending !== undefined) return { text: `waits for its turn: ${slotTime(pending.slot, zone)}`, tone: "accent" };
  return state.last === undefined ? { text: "", tone: "quiet" } : endWords(state.last, zone);
}

/** What the daemon says of an event. */
export function eventWords({ name, zone }: Schedule, event: ScheduleEvent): string {
  if (!("slot" in event)) return `${name}  ${event.type}`;
  const slot = `${name}  ${slotTime(event.slot, zone)}`;
  switch (event.type) {
    case "schedule-due":
      // Its run is named once there is one.
      return event.way === "on-time" ? `${slot}  is due` : `${slot}  is due (${event.way})`;
    case "schedule-fired":
      return `${slot}  ${event.run} has begun`;
    case "schedule-skipped": {
      const several = event.count > 1 ? `and ${counted(event.count - 1, "slot")} before it ` : "";
      return `${slot}  ${several}skipped: ${skipWords(event.reason, zone)}`;
    }
    case "schedule-failed":
      return `${slot}  failed to start: ${event.reason}`;
    case "schedule-ended":
      return `${slot}  ${event.outcome.replaceAll("_", " ")}`;
  }
}
