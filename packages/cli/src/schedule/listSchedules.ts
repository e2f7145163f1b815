import type { Schedule, ScheduleState, SlotEnd } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { line } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";
import { layTable } from "../views/text/table.ts";
import { isDaemonRunning, noDaemonLines } from "./daemonState.ts";
import { slotOutcome } from "./slotOutcome.ts";
import { readSlotTimes } from "./slotTimes.ts";
import { readSchedules } from "./stateFolder.ts";
import { lastWords, skipWords, slotTime } from "./words.ts";

/** `schedule list`: when each comes next, and how its newest slot ended. */
export function listSchedules(flags: { readonly json: boolean }, io: Io): Promise<number> {
  const states = readStates(io);
  if (flags.json) io.out.json(states.map((state) => scheduleJson(state)));
  else if (states.length === 0) {
    io.talk.lines([
      line("There are no schedules yet"),
      line(`Add one with \`${programName} schedule add FILE --cron "0 2 * * 1-5"\``, "quiet"),
    ]);
  } else {
    io.out.lines(layTable(columns, states.map(scheduleRow), { width: io.out.columns }));
    io.talk.lines(noDaemonLines(io));
  }
  return Promise.resolve(0);
}

/** `schedule status`: whether they are fired, and which comes next. Exit code 1 where nobody fires what there is. */
export function scheduleStatus(flags: { readonly json: boolean }, io: Io): Promise<number> {
  const states = readStates(io);
  const daemon = isDaemonRunning(io);
  const next = states
    .flatMap((state) => nextTimes(state, 1).map((at) => ({ at, schedule: state.schedule })))
    .toSorted((a, b) => a.at - b.at)[0];
  if (flags.json) {
    io.out.json({
      daemon: daemon ?? null,
      schedules: states.length,
      running: states.flatMap(({ running }) => running.map(({ run }) => run)),
      next: next === undefined ? null : { name: next.schedule.name, at: iso(next.at) },
    });
  } else {
    io.out.lines([
      daemon === true ? line("A daemon is running", "good") : line("No daemon is running", "warn"),
      line(
        next === undefined ? "Nothing is due" : `next  ${slotTime(next.at, next.schedule.zone)}  ${next.schedule.name}`,
      ),
    ]);
    if (states.length > 0) io.talk.lines(noDaemonLines(io).slice(1));
  }
  return Promise.resolve(daemon === true || states.length === 0 ? 0 : 1);
}

/** As the log tells, and where nobody has written down yet that a run is over, as the run's own log does. */
function readStates(io: Io): readonly ScheduleState[] {
  return [...readSchedules(io).values()].map((state) => withEnds(state, Date.now()));
}

function withEnds(state: ScheduleState, now: number): ScheduleState {
  const ends = state.running.map((fired) => ({ fired, outcome: slotOutcome(fired, state.schedule.runs, now) }));
  const running = ends.flatMap(({ fired, outcome }) => (outcome === undefined ? [fired] : []));
  const over = ends.findLast(({ outcome }) => outcome !== undefined);
  if (over?.outcome === undefined) return state;
  const { slot, run, at } = over.fired;
  return { ...state, running, last: { kind: "ended", slot, at, run, outcome: over.outcome } };
}

const columns = [
  { title: "name", rank: 6, shrinkTo: 8 },
  { title: "cron", rank: 3, shrinkTo: 9 },
  { title: "next", rank: 5 },
  { title: "zone", rank: 2, shrinkTo: 8 },
  { title: "last", rank: 1 },
  { title: "outcome", rank: 4, shrinkTo: 12 },
];

function scheduleRow(state: ScheduleState): Line {
  const { schedule, last } = state;
  const [next] = nextTimes(state, 1);
  const newest = state.running[0]?.slot ?? last?.slot;
  return [
    { text: schedule.name, tone: "strong" },
    { text: schedule.cron },
    state.isPaused
      ? { text: "paused", tone: "warn" }
      : { text: next === undefined ? "never" : slotTime(next, schedule.zone) },
    { text: schedule.zone, tone: "quiet" },
    { text: newest === undefined ? "" : slotTime(newest, schedule.zone), tone: "quiet" },
    lastWords(state),
  ];
}

/** From now on, or from the newest slot that is done, where the clock was set back since. */
function nextTimes({ schedule, handledThrough, isPaused }: ScheduleState, count: number): readonly number[] {
  if (isPaused) return [];
  return readSlotTimes(schedule.cron, schedule.zone).next(Math.max(Date.now(), handledThrough), count);
}

function scheduleJson(state: ScheduleState): Readonly<Record<string, unknown>> {
  const { schedule, last } = state;
  return {
    ...schedule,
    paused: state.isPaused,
    added_at: iso(state.addedAt),
    next: nextTimes(state, 3).map(iso),
    running: state.running.map(({ slot, run }) => ({ slot: iso(slot), run })),
    waiting: state.pending.map(({ slot, run }) => ({ slot: iso(slot), run })),
    last: last === undefined ? null : lastJson(last, schedule),
    fired: state.fired,
    skipped: state.skipped,
    failed: state.failed,
  };
}

function lastJson(last: SlotEnd, { zone }: Schedule): Readonly<Record<string, unknown>> {
  const common = { slot: iso(last.slot), at: iso(last.at) };
  switch (last.kind) {
    case "ended":
      return { ...common, outcome: last.outcome, run: last.run };
    case "failed":
      return { ...common, outcome: "failed_to_start", reason: last.reason };
    case "skipped":
      return { ...common, outcome: "skipped", count: last.count, reason: skipWords(last.reason, zone) };
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
