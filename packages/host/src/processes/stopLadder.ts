import type { Clock, StopStep } from "@claude-orchestrator/engine/ports";

export interface LadderOptions {
  readonly clock: Clock;
  readonly send: (signal: StopStep["signal"], to: StopStep["to"]) => void;
}

export interface StopLadder {
  /** Begins to climb, or leaves the rest of the old ladder for this one. Does nothing after `release`. */
  climb(steps: readonly StopStep[]): void;
  /** The process has ended: no further rung is taken. */
  release(): void;
}

/** Sends each rung's signal, waits, and ends with SIGKILL to the whole group, whatever the ladder said. */
export function createStopLadder({ clock, send }: LadderOptions): StopLadder {
  let cancel: (() => void) | undefined;
  let released = false;

  const take = (steps: readonly StopStep[]): void => {
    const [step, ...rest] = steps;
    cancel = undefined;
    if (step === undefined) {
      send("SIGKILL", "group");
      return;
    }
    send(step.signal, step.to);
    cancel = clock.after(step.waitMs, () => take(rest));
  };

  return {
    climb: (steps) => {
      if (released) return;
      cancel?.();
      take(steps);
    },
    release: () => {
      released = true;
      cancel?.();
    },
  };
}
