import type { RunId } from "../ids.ts";
import type { ScheduleEvent, SkipReason, SlotWay } from "./scheduleEvents.ts";
import type { PendingSlot, ScheduleState } from "./scheduleState.ts";

/** A slot older than this was missed: whoever should have fired it was not there, or the machine slept. */
export const lateAfterMs = 60_000;

/** So many runs at most make up for what was missed, under the policy `all`. */
export const mostMissedRuns = 100;

/** Slots after `handledThrough` and up to now, in order. */
export interface SlotsDue {
  readonly slots: readonly number[];
  /** There were too many to count: later ones follow, up to now. */
  readonly more: boolean;
}

export interface DecisionMoment {
  /** Wall clock, ms since 1970. */
  readonly now: number;
  /** The log's last number when whoever decides began: what was claimed before, another has claimed. */
  readonly since: number;
  readonly makeRun: () => RunId;
}

export type StartableSlot = Pick<PendingSlot, "slot" | "run" | "way">;

export interface SlotDecision {
  /** To be on disk before anything is started or stopped. */
  readonly events: readonly ScheduleEvent[];
  /** Whose turn it is. Starting the same one again does no harm: its run can begin once. */
  readonly start?: StartableSlot;
  /** Runs that have to make room for a slot that waits. */
  readonly stop: readonly RunId[];
}

/** A slot that is to have a run. */
interface Claim {
  readonly slot: number;
  readonly way: SlotWay;
}

/**
 * What is to be done about one schedule now; a pure function of its state, its slots and the time.
 *
 * 1. Every slot up to now is claimed or skipped, in order, once: `handledThrough` never goes back.
 * 2. One run of a schedule at a time. What was missed is made up for one after the other.
 * 3. At most one slot waits for its turn by `queue`; under `replace` only the newest.
 */
export function decideSlots(state: ScheduleState, due: SlotsDue, moment: DecisionMoment): SlotDecision {
  if (state.isPaused) return { events: [], stop: [] };
  const { id } = state.schedule;
  if (due.more) return { events: skip(id, due.slots, { kind: "missed" }), stop: [] };
  const abandoned = state.pending.filter((each) => isAbandoned(each, state, moment));
  const waiting = state.pending.filter((each) => each.way !== "by-hand" && !abandoned.includes(each));
  const late = due.slots.filter((slot) => isLate(slot, moment.now));
  const fresh = due.slots.filter((slot) => !isLate(slot, moment.now));
  const missed = decideMissed(state, waiting, late, fresh);
  const onTime = decideFresh(state, [...waiting, ...missed.claims], fresh);
  const newest = onTime.claims.at(-1)?.slot;
  const replaced = state.schedule.overlap === "replace" ? waiting.filter(({ way }) => way !== "missed") : [];
  const dropped = newest === undefined ? [] : replaced;
  const claimed = [...missed.claims, ...onTime.claims].map((claim) => ({ ...claim, run: moment.makeRun() }));
  const events = [
    ...abandoned.flatMap(({ slot }) => skip(id, [slot], { kind: "never-started" })),
    ...dropped.flatMap(({ slot }) => skip(id, [slot], { kind: "replaced", by: newest ?? slot })),
    ...inOrder([
      ...missed.skips,
      ...onTime.skips,
      ...claimed.map((claim): ScheduleEvent => ({ type: "schedule-due", id, ...claim })),
    ]),
  ];
  return { events, ...nextStart(state, [...waiting.filter((each) => !dropped.includes(each)), ...claimed]) };
}

function isLate(slot: number, now: number): boolean {
  return now - slot > lateAfterMs;
}

/**
 * Claimed by somebody who is gone, and by now a slot that was missed. One that was asked for by hand is nobody's to start but
 * theirs who asked, and they have had their time.
 */
function isAbandoned({ slot, seq, way }: PendingSlot, { schedule }: ScheduleState, moment: DecisionMoment): boolean {
  if (!isLate(slot, moment.now)) return false;
  return way === "by-hand" || (seq <= moment.since && schedule.missed === "skip");
}

interface Sorted {
  readonly claims: readonly Claim[];
  readonly skips: readonly ScheduleEvent[];
}

function decideMissed(
  state: ScheduleState,
  waiting: readonly StartableSlot[],
  late: readonly number[],
  fresh: readonly number[],
): Sorted {
  const { id, missed } = state.schedule;
  if (late.length === 0) return { claims: [], skips: [] };
  if (missed === "skip") return { claims: [], skips: skip(id, late, { kind: "missed" }) };
  if (missed === "all") {
    const kept = late.slice(-mostMissedRuns);
    const skips = skip(id, late.slice(0, -mostMissedRuns), { kind: "too-many-missed" });
    return { claims: kept.map((slot) => ({ slot, way: "missed" })), skips };
  }
  const standIn = waiting.at(-1)?.slot ?? standInOf(state, fresh);
  if (standIn !== undefined) return { claims: [], skips: skip(id, late, { kind: "stood-for", by: standIn }) };
  const newest = late.at(-1) ?? 0;
  return {
    claims: [{ slot: newest, way: "missed" }],
    skips: skip(id, late.slice(0, -1), { kind: "stood-for", by: newest }),
  };
}

/** The slot of this moment that is sure to have a run, and so makes up for those before it. */
function standInOf({ running, schedule }: ScheduleState, fresh: readonly number[]): number | undefined {
  if (schedule.overlap === "replace") return fresh.at(-1);
  return running.length === 0 ? fresh[0] : undefined;
}

function decideFresh(state: ScheduleState, waiting: readonly Claim[], fresh: readonly number[]): Sorted {
  const { id, overlap } = state.schedule;
  const [first, ...others] = fresh;
  if (first === undefined) return { claims: [], skips: [] };
  const before = state.running[0]?.slot ?? waiting[0]?.slot;
  switch (overlap) {
    case "skip":
      if (before !== undefined) return { claims: [], skips: skip(id, fresh, { kind: "overlap", slot: before }) };
      return {
        claims: [{ slot: first, way: "on-time" }],
        skips: skip(id, others, { kind: "overlap", slot: first }),
      };
    case "queue":
      return decideQueue(id, { waiting, isBusy: before !== undefined }, fresh);
    case "replace": {
      const newest = fresh.at(-1) ?? first;
      return {
        claims: [{ slot: newest, way: before === undefined ? "on-time" : "replacing" }],
        skips: skip(id, fresh.slice(0, -1), { kind: "replaced", by: newest }),
      };
    }
  }
}

function decideQueue(
  id: string,
  { waiting, isBusy }: { readonly waiting: readonly Claim[]; readonly isBusy: boolean },
  fresh: readonly number[],
): Sorted {
  const starts = isBusy ? 0 : 1;
  const queued = waiting.find(({ way }) => way === "queued")?.slot;
  const kept = fresh.slice(0, starts + (queued === undefined ? 1 : 0));
  const claims = kept.map((slot, index): Claim => ({ slot, way: index < starts ? "on-time" : "queued" }));
  const isFull: SkipReason = { kind: "queue-full", waiting: queued ?? kept.at(-1) ?? 0 };
  return { claims, skips: skip(id, fresh.slice(kept.length), isFull) };
}

/** What replaces goes first, since something was stopped for it. */
function nextStart(state: ScheduleState, waiting: readonly StartableSlot[]): Pick<SlotDecision, "start" | "stop"> {
  const replacing = waiting.find(({ way }) => way === "replacing");
  if (state.running.length > 0) {
    return { stop: replacing === undefined ? [] : state.running.map(({ run }) => run) };
  }
  const start = replacing ?? waiting[0];
  return start === undefined ? { stop: [] } : { start, stop: [] };
}

function skip(id: string, slots: readonly number[], reason: SkipReason): readonly ScheduleEvent[] {
  const [from] = slots;
  const slot = slots.at(-1);
  if (from === undefined || slot === undefined) return [];
  return [{ type: "schedule-skipped", id, slot, from, count: slots.length, reason }];
}

function inOrder(events: readonly ScheduleEvent[]): readonly ScheduleEvent[] {
  const slotOf = (event: ScheduleEvent): number => ("slot" in event ? event.slot : 0);
  return events.toSorted((a, b) => slotOf(a) - slotOf(b));
}
