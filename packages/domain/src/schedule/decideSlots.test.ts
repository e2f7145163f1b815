import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeRunId } from "../ids.ts";
import { type SlotDecision, decideSlots, lateAfterMs, mostMissedRuns } from "./decideSlots.ts";
import type { LoggedScheduleEvent, MissedPolicy, OverlapPolicy, ScheduleEvent } from "./scheduleEvents.ts";
import { type ScheduleState, type Schedules, mayFollow, reduceSchedules } from "./scheduleState.ts";

const id = "sch_0000000000";
const minute = 60_000;

/** A schedule of every minute, its log, and a clock that does what it is told. */
class World {
  readonly period: number;
  now = 1_000 * minute;
  events: LoggedScheduleEvent[] = [];
  schedules: Schedules = new Map();
  #made = 0;

  constructor(missed: MissedPolicy, overlap: OverlapPolicy, period = minute) {
    this.period = period;
    const schedule = { id, name: "n", cron: "* * * * *", zone: "UTC", file: "/f", flags: [], cwd: "/", runs: "/r" };
    this.append({ type: "schedule-added", schedule: { ...schedule, missed, overlap } });
  }

  get state(): ScheduleState {
    const state = this.schedules.get(id);
    if (state === undefined) throw new Error("no schedule");
    return state;
  }

  append(event: ScheduleEvent): void {
    if ("slot" in event && !mayFollow(this.schedules.get(id), event)) {
      throw new Error(`may not follow: ${JSON.stringify(event)}`);
    }
    const logged = { ...event, seq: this.events.length + 1, at: this.now };
    this.events.push(logged);
    this.schedules = reduceSchedules(this.schedules, logged);
  }

  /** What one look of a daemon that began at `since` decides; it is on disk afterwards. */
  look(since = 0): SlotDecision {
    const slots: number[] = [];
    const first = Math.floor(this.state.handledThrough / this.period + 1) * this.period;
    for (let slot = first; slot <= this.now; slot += this.period) slots.push(slot);
    const makeRun = (): ReturnType<typeof makeRunId> => makeRunId((this.#made += 1) * 1000, () => 0);
    const decision = decideSlots(this.state, { slots, more: false }, { now: this.now, since, makeRun });
    for (const event of decision.events) this.append(event);
    return decision;
  }

  /** The program started for a slot takes it, or is refused. */
  begin({ start }: SlotDecision): boolean {
    if (start === undefined) return false;
    const fired: ScheduleEvent = { type: "schedule-fired", id, slot: start.slot, run: start.run };
    if (!mayFollow(this.state, fired)) return false;
    this.append(fired);
    return true;
  }

  end(): void {
    const [running] = this.state.running;
    if (running !== undefined) this.append({ type: "schedule-ended", id, slot: running.slot, outcome: "succeeded" });
  }

  /** Slots by what became of them. */
  of(type: ScheduleEvent["type"]): readonly number[] {
    return this.events.flatMap((event) => {
      if (event.type !== type || !("slot" in event)) return [];
      if (event.type !== "schedule-skipped") return [event.slot];
      return Array.from({ length: event.count }, (_, at) => event.from + at * this.period);
    });
  }
}

/** Eight hours of slots went by, one of them just now. */
function asleep(missed: MissedPolicy, overlap: OverlapPolicy = "skip"): World {
  const world = new World(missed, overlap);
  world.now += 480 * minute + 30_000;
  return world;
}

describe("a machine that slept for eight hours", () => {
  test("leaves out what it missed under `skip`, and fires the slot of this minute", () => {
    const world = asleep("skip");
    world.begin(world.look());
    expect(world.of("schedule-skipped")).toHaveLength(479);
    expect(world.of("schedule-fired")).toEqual([1480 * minute]);
  });

  test("has one run for all it missed under `once`: that of this minute where there is one", () => {
    const world = asleep("once");
    world.begin(world.look());
    expect(world.of("schedule-fired")).toEqual([1480 * minute]);
    expect(world.of("schedule-skipped")).toHaveLength(479);
  });

  test("has one run for all it missed under `once`: that of the newest where none is due now", () => {
    const world = new World("once", "skip", 60 * minute);
    world.now += 470 * minute;
    const { start } = world.look();
    expect(start).toMatchObject({ slot: 1440 * minute, way: "missed" });
    expect(world.of("schedule-due")).toEqual([1440 * minute]);
  });

  test("makes up for the newest hundred under `all`, in order and one after the other", () => {
    const world = asleep("all", "queue");
    for (let decision = world.look(); world.begin(decision); decision = world.look()) world.end();
    expect(world.of("schedule-fired")).toEqual([
      ...Array.from({ length: mostMissedRuns }, (_, at) => (1380 + at) * minute),
      1480 * minute,
    ]);
    expect(world.of("schedule-skipped")).toHaveLength(379);
  });
});

describe("a slot whose predecessor still runs", () => {
  function twoMinutes(overlap: OverlapPolicy): { readonly world: World; readonly second: SlotDecision } {
    const world = new World("skip", overlap);
    world.now += minute;
    world.begin(world.look());
    world.now += minute;
    return { world, second: world.look() };
  }

  test("is skipped under `skip`, and says for which", () => {
    const { second } = twoMinutes("skip");
    expect(second.events).toEqual([
      expect.objectContaining({ slot: 1002 * minute, reason: { kind: "overlap", slot: 1001 * minute } }),
    ]);
  });

  test("waits under `queue`, and another beside it does not", () => {
    const { world, second } = twoMinutes("queue");
    expect(second).toMatchObject({ events: [{ type: "schedule-due", way: "queued" }], stop: [] });
    world.now += minute;
    expect(world.look().events).toEqual([
      expect.objectContaining({ reason: { kind: "queue-full", waiting: 1002 * minute } }),
    ]);
    world.end();
    expect(world.look().start).toMatchObject({ slot: 1002 * minute });
  });

  test("stops it under `replace`, then starts; a newer one takes its place as long as it waits", () => {
    const { world, second } = twoMinutes("replace");
    expect(second.start).toBeUndefined();
    expect(second.stop).toEqual(world.state.running.map(({ run }) => run));
    world.now += minute;
    world.look();
    world.end();
    expect(world.look().start).toMatchObject({ slot: 1003 * minute, way: "replacing" });
    expect(world.of("schedule-skipped")).toEqual([1002 * minute]);
  });
});

describe("a daemon killed between claiming a slot and starting it", () => {
  test.each([
    ["skip" as const, undefined],
    ["once" as const, 1001 * minute],
    ["all" as const, 1001 * minute],
  ])("leaves it to the missed policy: %s", (missed, expected) => {
    const world = new World(missed, "skip", 600 * minute);
    world.now = 1200 * minute;
    world.look();
    world.now += 2 * lateAfterMs;
    const next = world.look(world.events.length);
    expect(next.start?.slot === undefined).toBe(expected === undefined);
    expect(world.of("schedule-skipped")).toEqual(expected === undefined ? [1200 * minute] : []);
    expect(world.of("schedule-due")).toEqual([1200 * minute]);
  });

  test("lets the next one start it in time", () => {
    const world = new World("skip", "skip");
    world.now += minute;
    const { start } = world.look();
    world.now += 5_000;
    expect(world.look(world.events.length).start).toMatchObject({ slot: 1001 * minute, run: start?.run });
  });
});

test("a slot that is given up late brings none of those after it back", () => {
  const world = new World("skip", "skip", 10 * minute);
  world.now += 10 * minute;
  world.look();
  world.now += 10 * minute;
  world.look();
  expect(world.look(world.events.length).events).toMatchObject([
    { slot: 1010 * minute, reason: { kind: "never-started" } },
  ]);
  expect(world.look(world.events.length).events).toEqual([]);
  expect(world.of("schedule-skipped")).toEqual([1020 * minute, 1010 * minute]);
});

test("a run asked for by hand that never began is given up, and holds no slot up meanwhile", () => {
  const world = new World("once", "skip", 600 * minute);
  world.append({ type: "schedule-due", id, slot: world.now + 1, run: makeRunId(1, () => 0), way: "by-hand" });
  world.now = 1200 * minute;
  world.begin(world.look());
  expect(world.of("schedule-fired")).toEqual([1200 * minute]);
  expect(world.state.pending).toEqual([]);
});

test("a schedule that is paused has no slots until it goes on, and none of them afterwards", () => {
  const world = new World("all", "skip");
  world.append({ type: "schedule-paused", id });
  world.now += 10 * minute;
  expect(world.look()).toEqual({ events: [], stop: [] });
  world.append({ type: "schedule-unpaused", id });
  expect(world.look()).toEqual({ events: [], stop: [] });
});

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), periods: fc.constantFrom(0.5, 1, 2) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("tick" as const), ms: fc.integer({ min: 0, max: 3 * minute }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("tick" as const),
      ms: fc.integer({ min: -60, max: 480 }).map((m) => m * minute),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("look" as const), daemon: fc.integer({ min: 0, max: 1 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("begin" as const), pick: fc.nat({ max: 20 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("end" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("fail" as const), pick: fc.nat({ max: 20 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("restart" as const), daemon: fc.integer({ min: 0, max: 1 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function play(world: World, steps: readonly Step[]): void {
  const since = [0, 0];
  const started: SlotDecision[] = [];
  for (const each of steps) {
    if (each.do === "tick") world.now += each.ms;
    else if (each.do === "wait") world.now += each.periods * world.period;
    else if (each.do === "look") started.push(world.look(since[each.daemon]));
    // Whatever was ever started begins at any later time, again and again: a slow program, or one started twice.
    else if (each.do === "begin") world.begin(started.at(-1 - each.pick) ?? { events: [], stop: [] });
    else if (each.do === "end") world.end();
    else if (each.do === "restart") since[each.daemon] = world.events.length;
    else failOne(world, each.pick);
  }
}

function failOne(world: World, pick: number): void {
  const pending = world.state.pending[pick];
  if (pending !== undefined) world.append({ type: "schedule-failed", id, slot: pending.slot, reason: "no such file" });
}

const policies = fc.record({
  missed: fc.constantFrom<MissedPolicy>("skip", "once", "all"),
  overlap: fc.constantFrom<OverlapPolicy>("skip", "queue", "replace"),
  period: fc.constantFrom(5_000, minute, 37 * minute),
});

test("every slot is fired, skipped or failed once, or waits, whatever two daemons, their deaths and the clock do", () => {
  fc.assert(
    fc.property(policies, fc.array(step, { maxLength: 80, size: "max" }), ({ missed, overlap, period }, steps) => {
      const world = new World(missed, overlap, period);
      const added = world.now;
      play(world, steps);
      const ends = [...world.of("schedule-fired"), ...world.of("schedule-skipped"), ...world.of("schedule-failed")];
      const all = [...ends, ...world.state.pending.map(({ slot }) => slot)].toSorted((a, b) => a - b);
      const expected: number[] = [];
      const first = Math.floor(added / period + 1) * period;
      for (let slot = first; slot <= world.state.handledThrough; slot += period) expected.push(slot);
      expect(all).toEqual(expected);
      const runs = world.events.flatMap((event) => (event.type === "schedule-fired" ? [event.run] : []));
      expect(new Set(runs).size).toBe(runs.length);
      expect(world.state.running.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 2000 },
  );
});

test("no more than one slot waits beside those that make up for missed ones, and `skip` makes up for none", () => {
  fc.assert(
    fc.property(policies, fc.array(step, { maxLength: 80, size: "max" }), ({ missed, overlap, period }, steps) => {
      const world = new World(missed, overlap, period);
      play(world, steps);
      const waiting = world.state.pending.filter(({ way }) => way === "queued" || way === "replacing");
      expect(waiting.length).toBeLessThanOrEqual(1);
      const made = world.state.pending.filter(({ way }) => way === "missed");
      const most = { skip: 0, once: 1, all: Number.POSITIVE_INFINITY }[missed];
      expect(made.length).toBeLessThanOrEqual(most);
    }),
    { numRuns: 1000 },
  );
});
