import type { RunId } from "../ids.ts";
import type {
  LoggedScheduleEvent,
  Schedule,
  ScheduleEvent,
  SkipReason,
  SlotOutcome,
  SlotWay,
} from "./scheduleEvents.ts";

/** A slot that was claimed and whose run has not begun. */
export interface PendingSlot {
  readonly slot: number;
  readonly run: RunId;
  readonly way: SlotWay;
  /** Number of the event that claimed it. */
  readonly seq: number;
}

/** A slot whose run began and, as far as the log tells, is not over. */
export interface FiredSlot {
  readonly slot: number;
  readonly run: RunId;
  readonly at: number;
}

/** How the newest slot that is over ended. */
export type SlotEnd = { readonly slot: number; readonly at: number } & (
  | { readonly kind: "ended"; readonly run: RunId; readonly outcome: SlotOutcome }
  | { readonly kind: "skipped"; readonly count: number; readonly reason: SkipReason }
  | { readonly kind: "failed"; readonly reason: string }
);

export interface ScheduleState {
  readonly schedule: Schedule;
  readonly addedAt: number;
  readonly isPaused: boolean;
  /** Every slot up to here has been claimed or skipped. It never goes back, whatever the clock does. */
  readonly handledThrough: number;
  /** In the order in which they were claimed. */
  readonly pending: readonly PendingSlot[];
  readonly running: readonly FiredSlot[];
  readonly last?: SlotEnd;
  readonly fired: number;
  readonly skipped: number;
  readonly failed: number;
}

/** By id, in the order in which they were added; removed ones are gone. */
export type Schedules = ReadonlyMap<string, ScheduleState>;

/** Takes one event in; what is about a schedule that is gone changes nothing. */
export function reduceSchedules(schedules: Schedules, event: LoggedScheduleEvent): Schedules {
  if (event.type === "schedule-added") {
    return new Map([...schedules, [event.schedule.id, addedSchedule(event.schedule, event.at)]]);
  }
  const state = schedules.get(event.id);
  if (state === undefined) return schedules;
  if (event.type === "schedule-removed") return new Map([...schedules].filter(([id]) => id !== event.id));
  return new Map([...schedules, [event.id, reduceSchedule(state, event)]]);
}

type EventOfOne = Exclude<LoggedScheduleEvent, { readonly type: "schedule-added" | "schedule-removed" }>;

function addedSchedule(schedule: Schedule, at: number): ScheduleState {
  return {
    schedule,
    addedAt: at,
    isPaused: false,
    handledThrough: at,
    pending: [],
    running: [],
    fired: 0,
    skipped: 0,
    failed: 0,
  };
}

function reduceSchedule(state: ScheduleState, event: EventOfOne): ScheduleState {
  switch (event.type) {
    case "schedule-paused":
      return { ...state, isPaused: true };
    case "schedule-unpaused":
      return { ...state, isPaused: false, handledThrough: Math.max(state.handledThrough, event.at) };
    case "schedule-due":
      return {
        ...state,
        handledThrough: event.way === "by-hand" ? state.handledThrough : Math.max(state.handledThrough, event.slot),
        pending: [...state.pending, { slot: event.slot, run: event.run, way: event.way, seq: event.seq }],
      };
    case "schedule-fired":
      return {
        ...withoutPending(state, event.slot),
        running: [...state.running, { slot: event.slot, run: event.run, at: event.at }],
        fired: state.fired + 1,
      };
    case "schedule-skipped":
      return {
        ...withoutPending(state, event.slot),
        handledThrough: wasByHand(state, event.slot)
          ? state.handledThrough
          : Math.max(state.handledThrough, event.slot),
        skipped: state.skipped + event.count,
        last: { kind: "skipped", slot: event.slot, at: event.at, count: event.count, reason: event.reason },
      };
    case "schedule-failed":
      return {
        ...withoutPending(state, event.slot),
        failed: state.failed + 1,
        last: { kind: "failed", slot: event.slot, at: event.at, reason: event.reason },
      };
    case "schedule-ended":
      return reduceEnd(state, event);
  }
}

function reduceEnd(state: ScheduleState, event: EventOfOne & { readonly type: "schedule-ended" }): ScheduleState {
  const ended = state.running.find(({ slot }) => slot === event.slot);
  if (ended === undefined) return state;
  return {
    ...state,
    running: state.running.filter((each) => each !== ended),
    last: { kind: "ended", slot: event.slot, at: event.at, run: ended.run, outcome: event.outcome },
  };
}

function withoutPending(state: ScheduleState, slot: number): ScheduleState {
  return { ...state, pending: state.pending.filter((each) => each.slot !== slot) };
}

function wasByHand(state: ScheduleState, slot: number): boolean {
  return state.pending.some((each) => each.slot === slot && each.way === "by-hand");
}

/**
 * Whether an event of one slot may follow this state: the one claim, the one end of it, and the one end of its run. A run
 * begins while no other of its schedule goes on.
 */
export function mayFollow(state: ScheduleState | undefined, event: SlotEvent): boolean {
  if (state === undefined) return false;
  const isPending = state.pending.some(({ slot }) => slot === event.slot);
  switch (event.type) {
    case "schedule-due":
      return event.way === "by-hand" || event.slot > state.handledThrough;
    case "schedule-skipped":
      return isPending ? event.count === 1 : event.from > state.handledThrough;
    case "schedule-fired":
      return isPending && state.running.length === 0;
    case "schedule-failed":
      return isPending;
    case "schedule-ended":
      return state.running.some(({ slot }) => slot === event.slot);
  }
}

type SlotEvent = Extract<ScheduleEvent, { readonly slot: number }>;
