import { decideSlots, makeRunId } from "@claude-orchestrator/domain";
import type {
  RunId,
  Schedule,
  ScheduleEvent,
  ScheduleState,
  SlotDecision,
  StartableSlot,
} from "@claude-orchestrator/domain";
import type { ScheduleLog } from "@claude-orchestrator/store";
import { endedSlots } from "./slotOutcome.ts";
import type { SlotTimes } from "./slotTimes.ts";

/** However far the next slot is, the wall clock is looked at this often: it may be set, or the machine may have slept. */
const longestWaitMs = 15_000;
/** As long as something runs, its end is looked for this often. */
const whileRunningMs = 2_000;
/** Between two runs that make up for missed slots, of whatever schedules: a woken laptop does not start all at once. */
const betweenMissedMs = { least: 1_000, most: 10_000 };

/** What the daemon asks of the machine. */
export interface DaemonParts {
  readonly log: ScheduleLog;
  /** ms since 1970; may jump. */
  readonly wall: () => number;
  /** ms; never jumps. */
  readonly monotonic: () => number;
  readonly random: () => number;
  /** Throws a UserError where this program does not understand the schedule. */
  readonly timesOf: (schedule: Schedule) => SlotTimes;
  /** Settles when the run is on its way, or with a sentence where it is not. Never rejects. */
  readonly start: (schedule: Schedule, slot: StartableSlot) => Promise<string | undefined>;
  /** Settles when the run has been asked to end. Never rejects. */
  readonly stop: (schedule: Schedule, run: RunId) => Promise<void>;
  /** Called at each change, after it is on disk. */
  readonly tell: (schedule: Schedule, event: ScheduleEvent) => void;
  /** Something could not be read, written or understood: it is tried again at the next look. */
  readonly trouble: (error: unknown) => void;
  /** Something happened that makes another look worth it. */
  readonly wake: () => void;
}

/**
 * Fires the slots of all schedules. What is to happen is decided by `decideSlots` inside a transaction of the log, and only
 * then done: two daemons at once, one that is killed between any two steps, or a clock that goes back fire nothing twice.
 */
export class ScheduleDaemon {
  readonly #parts: DaemonParts;
  /** What was claimed up to here, another has claimed. */
  readonly #since: number;
  readonly #times = new Map<string, SlotTimes>();
  /** Runs that are being started, or stopped, by us. */
  readonly #busy = new Set<RunId>();
  #nextMissedAt = 0;

  constructor(parts: DaemonParts) {
    this.#parts = parts;
    parts.log.read();
    this.#since = parts.log.seq;
  }

  /**
   * Looks at every schedule once and does what is due; the answer is how long nothing more has to be done, in ms. What goes
   * wrong with one schedule keeps no other from its slots.
   */
  look(): number {
    try {
      return Math.min(longestWaitMs, ...[...this.#parts.log.read().keys()].map((id) => this.#lookAt(id)));
    } catch (error) {
      this.#parts.trouble(error);
      return longestWaitMs;
    }
  }

  #lookAt(id: string): number {
    try {
      const state = this.#settle(id);
      if (state === undefined) return longestWaitMs;
      this.#act(state, this.#decide(state));
      return this.#waitFor(this.#parts.log.read().get(id));
    } catch (error) {
      this.#parts.trouble(error);
      return longestWaitMs;
    }
  }

  /** Writes down which runs are over. */
  #settle(id: string): ScheduleState | undefined {
    const { log, wall } = this.#parts;
    const state = log.read().get(id);
    if (state === undefined) return undefined;
    // As long as we start one it begins, however long that takes and whatever the clock does meanwhile.
    const starting = state.running.filter(({ run }) => this.#busy.has(run)).map(({ slot }) => slot);
    const over = endedSlots(state, wall()).filter(({ slot }) => !starting.includes(slot));
    if (over.length === 0) return state;
    this.#append(state.schedule, (now) => over.filter(({ slot }) => now.running.some((fired) => fired.slot === slot)));
    return log.read().get(id);
  }

  #decide(state: ScheduleState): SlotDecision {
    const first = this.#decisionAt(state);
    if (first.events.length === 0) return first;
    let decision: SlotDecision = { events: [], stop: [] };
    this.#append(state.schedule, (now) => {
      decision = this.#decisionAt(now);
      return decision.events;
    });
    return decision;
  }

  #decisionAt(state: ScheduleState): SlotDecision {
    const { wall, random } = this.#parts;
    const now = wall();
    const due = this.#timesOf(state.schedule).between(state.handledThrough, now);
    const made = new Set<RunId>();
    const makeRun = (): RunId => {
      let run = makeRunId(now, random);
      while (made.has(run)) run = makeRunId(now, random);
      made.add(run);
      return run;
    };
    return decideSlots(state, due, { now, since: this.#since, makeRun });
  }

  #act({ schedule, pending }: ScheduleState, { start, stop }: SlotDecision): void {
    for (const run of stop) this.#once(run, () => this.#parts.stop(schedule, run));
    const isStarting = pending.some(({ run }) => this.#busy.has(run));
    if (start === undefined || isStarting || !this.#mayStart(start)) return;
    this.#once(start.run, async () => {
      const problem = await this.#parts.start(schedule, start);
      if (problem !== undefined) this.#failed(schedule, start, problem);
    });
  }

  #mayStart({ way }: StartableSlot): boolean {
    if (way !== "missed") return true;
    const { monotonic, random } = this.#parts;
    if (monotonic() < this.#nextMissedAt) return false;
    const { least, most } = betweenMissedMs;
    this.#nextMissedAt = monotonic() + least + random() * (most - least);
    return true;
  }

  #failed(schedule: Schedule, { slot }: StartableSlot, reason: string): void {
    this.#append(schedule, (now) =>
      // It may have begun all the same: by another daemon, or before what went wrong.
      now.pending.some((each) => each.slot === slot)
        ? [{ type: "schedule-failed", id: schedule.id, slot, reason }]
        : [],
    );
  }

  #once(run: RunId, act: () => Promise<void>): void {
    if (this.#busy.has(run)) return;
    this.#busy.add(run);
    void act()
      .catch((error: unknown) => this.#parts.trouble(error))
      .finally(() => {
        this.#busy.delete(run);
        this.#parts.wake();
      });
  }

  #append(schedule: Schedule, decide: (state: ScheduleState) => readonly ScheduleEvent[]): void {
    let events: readonly ScheduleEvent[] = [];
    this.#parts.log.append((schedules) => {
      const state = schedules.get(schedule.id);
      events = state === undefined ? [] : decide(state);
      return events;
    });
    for (const event of events) this.#parts.tell(schedule, event);
  }

  #waitFor(state: ScheduleState | undefined): number {
    if (state === undefined) return longestWaitMs;
    const [next] = this.#timesOf(state.schedule).next(state.handledThrough, 1);
    const untilNext = next === undefined || state.isPaused ? longestWaitMs : Math.max(0, next - this.#parts.wall());
    const isBusy = state.running.length > 0 || state.pending.length > 0;
    return Math.min(untilNext, isBusy ? whileRunningMs : longestWaitMs);
  }

  #timesOf(schedule: Schedule): SlotTimes {
    const known = this.#times.get(schedule.id) ?? this.#parts.timesOf(schedule);
    this.#times.set(schedule.id, known);
    return known;
  }
}
