import { createClock } from "../clock.ts";
import { endLeftProcesses, type LeftProcesses } from "./endLeftProcesses.ts";

export interface ReapOptions extends LeftProcesses {
  /** Whether somebody alive supervises the run (again). */
  readonly isTakenUp: () => boolean;
  /** How long somebody may take for that. Default 10 s. */
  readonly graceMs?: number;
}

const defaultGraceMs = 10_000;
const pollMs = 200;

/**
 * What a reaper does when the supervisor is gone: waits a grace for another to take the run up, and ends what is left of the
 * run where none does. Answers how many it ended; undefined where the run was taken up.
 */
export async function reap(options: ReapOptions): Promise<number | undefined> {
  const { isTakenUp, graceMs = defaultGraceMs, clock = createClock() } = options;
  const until = clock.monotonic() + graceMs;
  for (;;) {
    if (isTakenUp()) return undefined;
    const left = until - clock.monotonic();
    if (left <= 0) return endLeftProcesses({ ...options, clock });
    await new Promise<void>((resolve) => clock.after(Math.min(left, pollMs), resolve));
  }
}
