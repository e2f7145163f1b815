import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UserError } from "@claude-orchestrator/domain";
import type { RunId, Schedule, ScheduleEvent, ScheduleState, StartableSlot } from "@claude-orchestrator/domain";
import { acquireRunLock, createRunLog, openScheduleLog } from "@claude-orchestrator/store";
import type { ScheduleLog } from "@claude-orchestrator/store";
import { makeFolder } from "../testing/folder.ts";
import type { TestFolder } from "../testing/folder.ts";
import { ScheduleDaemon } from "./daemon.ts";
import { readSlotTimes } from "./slotTimes.ts";
import { slotWord, takeSlot } from "./takeSlot.ts";

const minute = 60_000;
const hour = 60 * minute;

/** Daemons over one real log, with a clock that does what it is told and runs that end when they are told. */
class Rig implements Disposable {
  readonly folder: TestFolder = makeFolder();
  readonly log: ScheduleLog = this.open();
  wallMs = Date.parse("2027-01-01T00:00:30Z");
  monotonicMs = 0;
  readonly begun: { readonly name: string; readonly slot: string; readonly run: RunId }[] = [];
  readonly stopped: RunId[] = [];
  readonly troubles: string[] = [];
  /** Starts wait in here where they are held back. */
  readonly held: (() => void)[] = [];
  holds = false;
  #open = new Map<RunId, () => Promise<void>>();

  add(name: string, wish: Partial<Schedule> = {}): string {
    const id = `sch_${name}`;
    const { path } = this.folder;
    const place = { file: join(path, "f.yaml"), flags: [], cwd: path, runs: join(path, "runs") };
    const schedule: Schedule = {
      id,
      name,
      cron: "0 * * * *",
      zone: "UTC",
      ...place,
      missed: "skip",
      overlap: "skip",
      ...wish,
    };
    this.log.append(() => [{ type: "schedule-added", schedule }]);
    return id;
  }

  daemon(): ScheduleDaemon {
    return new ScheduleDaemon({
      log: this.open(),
      wall: () => this.wallMs,
      monotonic: () => this.monotonicMs,
      random: Math.random,
      timesOf: ({ cron, zone }) => readSlotTimes(cron, zone),
      start: async (schedule, slot) => {
        if (this.holds) await new Promise<void>((resolve) => this.held.push(resolve));
        return this.begin(schedule, slot);
      },
      stop: (_schedule, run) => {
        this.stopped.push(run);
        return this.end(run);
      },
      tell: () => undefined,
      trouble: (error) => void this.troubles.push(error instanceof UserError ? error.message : String(error)),
      wake: () => undefined,
    });
  }

  /** What the program does that is started for a slot: it takes the slot, then makes its log. */
  begin(schedule: Schedule, slot: StartableSlot): string | undefined {
    if (schedule.file.endsWith("gone.yaml")) return "there is no file `gone.yaml`";
    try {
      const run = takeSlot(slotWord(schedule.id, slot), this.place);
      const clock = { wall: () => this.wallMs };
      const log = createRunLog(join(schedule.runs, run), run, { clock, programVersion: "0.1.0" });
      this.begun.push({ name: schedule.name, slot: new Date(slot.slot).toISOString().slice(8, 16), run });
      const lock = acquireRunLock(join(schedule.runs, run));
      this.#open.set(run, async () => {
        log.append({ type: "run-settled", outcome: "succeeded", exitCode: 0, durationMs: 1 });
        await log.close();
        lock?.release();
      });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  async end(run: RunId | undefined = this.begun.at(-1)?.run): Promise<void> {
    const settle = run === undefined ? undefined : this.#open.get(run);
    if (run !== undefined) this.#open.delete(run);
    await settle?.();
  }

  pass(ms: number): void {
    this.wallMs += ms;
    this.monotonicMs += ms;
  }

  async look(daemon: ScheduleDaemon): Promise<number> {
    const waitMs = daemon.look();
    // What was started settles in a turn of its own.
    await new Promise((resolve) => setImmediate(resolve));
    return waitMs;
  }

  state(id: string): ScheduleState {
    const state = this.log.read().get(id);
    if (state === undefined) throw new Error(`no ${id}`);
    return state;
  }

  get slots(): readonly string[] {
    return this.begun.map(({ slot }) => slot);
  }

  get place(): { readonly env: Readonly<Record<string, string>>; readonly cwd: string } {
    return { env: { CLAUDE_ORCHESTRATOR_STATE: join(this.folder.path, "state") }, cwd: this.folder.path };
  }

  open(): ScheduleLog {
    return openScheduleLog(join(this.folder.path, "state"), { wall: () => this.wallMs, programVersion: "0.1.0" });
  }

  [Symbol.dispose](): void {
    this.log.close();
    this.folder[Symbol.dispose]();
  }
}

test("a slot is fired when it comes, and its run's own log says how it ended", async () => {
  using rig = new Rig();
  const id = rig.add("hourly");
  const daemon = rig.daemon();
  expect(await rig.look(daemon)).toBe(15_000);
  rig.pass(hour);
  await rig.look(daemon);
  expect(rig.slots).toEqual(["01T01:00"]);
  expect(await rig.look(daemon)).toBeLessThanOrEqual(2_000);
  await rig.end();
  await rig.look(daemon);
  expect(rig.state(id)).toMatchObject({ running: [], fired: 1, last: { kind: "ended", outcome: "succeeded" } });
});

describe("after eight hours of sleep", () => {
  test.each([
    ["skip" as const, []],
    ["once" as const, ["01T08:00"]],
    ["all" as const, ["01T01:00", "01T02:00", "01T03:00", "01T04:00", "01T05:00", "01T06:00", "01T07:00", "01T08:00"]],
  ])("missed: %s", async (missed, expected) => {
    using rig = new Rig();
    const id = rig.add("hourly", { missed });
    const daemon = rig.daemon();
    await rig.look(daemon);
    // A sleeping machine's monotonic clock stands still.
    rig.wallMs += 8 * hour + 5 * minute;
    for (let looks = 0; looks < 20; looks++) {
      await rig.look(daemon);
      await rig.end();
      rig.pass(11_000);
    }
    expect(rig.slots).toEqual(expected);
    expect(rig.state(id).fired + rig.state(id).skipped).toBe(8);
  });

  test("five schedules make up for it one by one, not at once", async () => {
    using rig = new Rig();
    for (let each = 0; each < 5; each++) rig.add(`s${each}`, { missed: "once" });
    const daemon = rig.daemon();
    rig.wallMs += 8 * hour + 5 * minute;
    await rig.look(daemon);
    await rig.look(daemon);
    expect(rig.begun).toHaveLength(1);
    rig.pass(10_000);
    await rig.look(daemon);
    expect(rig.begun).toHaveLength(2);
    for (let looks = 0; looks < 6; looks++) {
      rig.pass(10_000);
      await rig.look(daemon);
    }
    expect(new Set(rig.begun.map(({ name }) => name)).size).toBe(5);
    expect(rig.begun).toHaveLength(5);
  });
});

test("more missed slots than are counted at once are dealt with piece by piece, and none is left out", async () => {
  using rig = new Rig();
  const id = rig.add("second", { cron: "* * * * * *", missed: "once" });
  const daemon = rig.daemon();
  rig.wallMs += hour + 1;
  // Two thousand slots a look, and no wait in between.
  expect(await rig.look(daemon)).toBe(0);
  expect(rig.begun).toEqual([]);
  await rig.look(daemon);
  expect(rig.begun).toHaveLength(1);
  const { fired, skipped } = rig.state(id);
  expect(fired + skipped).toBe(3600);
});

describe("a wall clock that is set", () => {
  test("back by an hour fires nothing again, and goes on with the next slot", async () => {
    using rig = new Rig();
    rig.add("hourly");
    const daemon = rig.daemon();
    rig.pass(hour);
    await rig.look(daemon);
    await rig.end();
    rig.wallMs -= hour;
    for (const fresh of [daemon, rig.daemon()]) await rig.look(fresh);
    rig.pass(hour);
    await rig.look(daemon);
    expect(rig.slots).toEqual(["01T01:00"]);
    rig.pass(hour);
    await rig.look(daemon);
    expect(rig.slots).toEqual(["01T01:00", "01T02:00"]);
  });

  test("forward by an hour leaves what it jumped over to the missed policy", async () => {
    using rig = new Rig();
    const id = rig.add("tenth", { cron: "*/10 * * * *", missed: "once" });
    const daemon = rig.daemon();
    await rig.look(daemon);
    rig.wallMs += hour + 5 * minute;
    await rig.look(daemon);
    expect(rig.slots).toEqual(["01T01:00"]);
    expect(rig.state(id).skipped).toBe(5);
  });
});

test("a run that cannot be started is a failed slot with the sentence, and the daemon lives on", async () => {
  using rig = new Rig();
  const id = rig.add("gone", { file: "/gone.yaml" });
  rig.add("hourly");
  const daemon = rig.daemon();
  rig.pass(hour);
  await rig.look(daemon);
  await rig.look(daemon);
  expect(rig.state(id)).toMatchObject({
    pending: [],
    last: { kind: "failed", reason: "there is no file `gone.yaml`" },
  });
  expect(rig.begun.map(({ name }) => name)).toEqual(["hourly"]);
  rig.pass(hour);
  await rig.look(daemon);
  await rig.look(daemon);
  expect(rig.state(id).failed).toBe(2);
});

test("a schedule this program does not understand keeps no other from its slots", async () => {
  using rig = new Rig();
  rig.add("odd", { zone: "Mars/Olympus" });
  rig.add("hourly");
  const daemon = rig.daemon();
  rig.pass(hour);
  await rig.look(daemon);
  expect(rig.slots).toEqual(["01T01:00"]);
  expect(rig.troubles).toContain("There is no time zone `Mars/Olympus`");
});

test("two daemons on one log fire each slot once", async () => {
  using rig = new Rig();
  const id = rig.add("hourly");
  const daemons = [rig.daemon(), rig.daemon()];
  for (let each = 0; each < 6; each++) {
    rig.pass(hour);
    for (const daemon of [...daemons, ...daemons]) await rig.look(daemon);
    await rig.end();
  }
  expect(rig.slots).toEqual(["01T01:00", "01T02:00", "01T03:00", "01T04:00", "01T05:00", "01T06:00"]);
  expect(rig.state(id)).toMatchObject({ fired: 6, failed: 0 });
});

test("a start that outlives its daemon and that of the next daemon are one run, whoever comes first", async () => {
  using rig = new Rig();
  const id = rig.add("hourly");
  rig.holds = true;
  rig.pass(hour);
  await rig.look(rig.daemon());
  // That daemon was killed; what it started is slow. The next finds the slot claimed and starts it as well.
  await rig.look(rig.daemon());
  expect(rig.held).toHaveLength(2);
  for (const release of rig.held.toReversed()) release();
  await new Promise((resolve) => setImmediate(resolve));
  expect(rig.slots).toEqual(["01T01:00"]);
  expect(rig.state(id)).toMatchObject({ fired: 1, failed: 0, pending: [] });
});

test("`replace` stops the older run and then starts the newer", async () => {
  using rig = new Rig();
  rig.add("hourly", { overlap: "replace" });
  const daemon = rig.daemon();
  rig.pass(hour);
  await rig.look(daemon);
  rig.pass(hour);
  await rig.look(daemon);
  expect(rig.stopped).toHaveLength(1);
  await expect.poll(() => rig.look(daemon).then(() => rig.slots)).toEqual(["01T01:00", "01T02:00"]);
  expect(rig.stopped).toEqual([rig.begun[0]?.run]);
});

test("what happens to a schedule while the daemon runs is seen at its next look", async () => {
  using rig = new Rig();
  const daemon = rig.daemon();
  await rig.look(daemon);
  const id = rig.add("later");
  rig.pass(hour);
  await rig.look(daemon);
  await rig.end();
  const removed: ScheduleEvent = { type: "schedule-removed", id };
  rig.log.append(() => [removed]);
  rig.pass(hour);
  await rig.look(daemon);
  expect(rig.slots).toEqual(["01T01:00"]);
});
