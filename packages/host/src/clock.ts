import type { Clock } from "@claude-orchestrator/engine/ports";

/** setTimeout counts in a signed 32-bit number of ms: anything longer fires at once, so longer waits are made of pieces. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * The machine's clock. `monotonic` and `after` do not move when the wall clock is set. A pending `after` keeps the program
 * alive; waits longer than 24.8 days are re-armed.
 */
export function createClock(): Clock {
  return { wall: () => Date.now(), monotonic: () => performance.now(), after };
}

function after(ms: number, action: () => void): () => void {
  const due = performance.now() + ms;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const left = due - performance.now();
    timer = left > longestTimerMs ? setTimeout(arm, longestTimerMs) : setTimeout(action, Math.max(0, Math.ceil(left)));
  };
  arm();
  return () => clearTimeout(timer);
}
