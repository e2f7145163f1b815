import type { OutputTail } from "./outputTail.ts";

/** Between two looks at an output that flows, and at one that has long been quiet. Measured: see decision 0005. */
const quickMs = 12;
const slowMs = 60;
/** One look takes at most this much from one output, and all looks of one tick this long, before others have their turn. */
const budgetBytes = 2 * 1024 * 1024;
const sliceMs = 20;
const bufferBytes = 256 * 1024;

interface Followed {
  readonly tail: OutputTail;
  intervalMs: number;
  due: number;
}

/** Reads the outputs of all processes by one timer and one buffer. No timer runs while nothing is followed. */
export interface OutputPump {
  /** Begins to read `tail`; the answer ends it (without a last look). */
  follow(tail: OutputTail): () => void;
  /** Hands on everything that has been written to these by now, giving way to others in between; answers how many bytes. */
  drain(tails: readonly OutputTail[]): Promise<number>;
}

export function createOutputPump(now: () => number): OutputPump {
  const buffer = Buffer.allocUnsafe(bufferBytes);
  const followed = new Set<Followed>();
  const alarm = createAlarm(now);

  const tick = (): void => {
    const began = now();
    let moreWaits = false;
    try {
      for (const one of followed.values().toArray()) {
        if (one.due > began || !followed.has(one)) continue;
        moreWaits = look(one, buffer, began) || moreWaits;
        // Moved to the end of the set: whoever waited longest is first in the next slice.
        if (followed.delete(one)) followed.add(one);
        if (now() - began <= sliceMs) continue;
        moreWaits = true;
        break;
      }
    } finally {
      setAlarm(moreWaits);
    }
  };

  const setAlarm = (atOnce: boolean): void => {
    if (followed.size === 0) return alarm.cancel();
    let due = Infinity;
    for (const one of followed) due = Math.min(due, one.due);
    alarm.set(atOnce ? -Infinity : due, tick);
  };

  return {
    follow: (tail) => {
      const one: Followed = { tail, intervalMs: quickMs, due: now() + quickMs };
      followed.add(one);
      setAlarm(false);
      return () => {
        followed.delete(one);
        if (followed.size === 0) setAlarm(false);
      };
    },
    drain: (tails) => drain(tails, buffer),
  };
}

/** True where the budget was not enough for what is there. */
function look(one: Followed, buffer: Buffer, at: number): boolean {
  const bytes = one.tail.read(buffer, budgetBytes);
  const moreWaits = bytes >= budgetBytes;
  one.intervalMs = bytes > 0 ? quickMs : Math.min(slowMs, one.intervalMs * 1.3);
  // Quiet outputs are looked at together, so that one wake-up serves them all.
  const grid = one.intervalMs >= slowMs ? slowMs : quickMs;
  one.due = moreWaits ? at : Math.ceil((at + one.intervalMs) / grid) * grid;
  return moreWaits;
}

async function drain(tails: readonly OutputTail[], buffer: Buffer): Promise<number> {
  let total = 0;
  // What is there now, not what still comes: a process left behind may never stop writing.
  for (const tail of tails) {
    // One look in any case: a file that was cut and written anew is not told by its size.
    total += tail.read(buffer, 1);
    for (let left = tail.behind(); left > 0;) {
      const bytes = tail.read(buffer, Math.min(left, budgetBytes));
      if (bytes === 0) break;
      total += bytes;
      left -= bytes;
      if (left > 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return total;
}

/** One timer, of which the last setting counts. */
function createAlarm(now: () => number) {
  let cancel = (): void => {};
  return {
    cancel: () => cancel(),
    set: (due: number, action: () => void): void => {
      cancel();
      if (due === -Infinity) {
        const immediate = setImmediate(action);
        cancel = () => clearImmediate(immediate);
      } else {
        const timer = setTimeout(action, Math.max(1, due - now()));
        cancel = () => clearTimeout(timer);
      }
    },
  };
}
