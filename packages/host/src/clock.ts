/**
 * The machine's clock, which counts only time awake.
 *
 * A laptop that slept for eight hours, or a program that was stopped for long (SIGSTOP, a debugger, a frozen container), has
 * not used up anybody's time limit. Some systems' steady clocks stand still in sleep, others run on; none stands still in a
 * stop. So the clock is looked at every two seconds at least, by a timer that keeps nothing alive: where more than ten seconds
 * went by between two looks, nobody here was awake, and the whole gap is left out. Less than that is counted as it is. Where
 * the event loop is held up by work of our own for so long, that is left out too.
 *
 * 1. `monotonic` never goes back, and no setting of the wall clock moves it.
 * 2. No action is called before its time awake has passed, and actions keep their order and their distances over a sleep.
 */
import type { Clock } from "@claude-orchestrator/engine/ports";

/** setTimeout counts in a signed 32-bit number of ms: anything longer fires at once, so longer waits are made of pieces. */
const longestTimerMs = 2 ** 31 - 1;

const defaultBeatMs = 2_000;
const defaultGapMs = 10_000;

export interface ClockOptions {
  /** A steady clock in ms; default that of Node, which no wall clock moves. */
  readonly steady?: () => number;
  /** How often it is looked at. */
  readonly beatMs?: number;
  /** A gap longer than this between two looks is sleep. */
  readonly gapMs?: number;
}

/** A pending `after` keeps the program alive; waits longer than 24.8 days are re-armed. */
export function createClock(options: ClockOptions = {}): Clock {
  const { steady = () => performance.now(), beatMs = defaultBeatMs, gapMs = defaultGapMs } = options;
  let lastLook = steady();
  let asleep = 0;

  const monotonic = (): number => {
    const now = steady();
    if (now - lastLook > gapMs) asleep += now - lastLook;
    lastLook = now;
    return now - asleep;
  };
  setInterval(monotonic, beatMs).unref();

  const after = (ms: number, action: () => void): (() => void) => {
    const due = monotonic() + ms;
    let timer: NodeJS.Timeout;
    const arm = (left: number): void => {
      timer = setTimeout(ring, Math.min(longestTimerMs, Math.max(0, Math.ceil(left))));
    };
    // Asked again when it rings: the timer may have waited through a sleep, and rings a part of a ms early now and then.
    const ring = (): void => {
      const left = due - monotonic();
      if (left > 0) arm(left);
      else action();
    };
    arm(ms);
    return () => clearTimeout(timer);
  };

  return { wall: () => Date.now(), monotonic, after };
}
