import type { RunControl } from "@claude-orchestrator/engine";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 143 } as const;

export interface SignalActions {
  /** Says something to the person at once. */
  readonly say: (text: string) => void;
  /** Kills what runs and ends the program: the last resort. */
  readonly giveUp: (exitCode: number) => void;
  /** The terminal has gone, and the run goes on without it. Absent: there is none, and so SIGHUP asks to stop. */
  readonly hungUp?: () => void;
}

/**
 * The first signal asks the run to stop, the second forces it, the third does not wait any longer. Both kinds count
 * together: Ctrl-C after a SIGTERM forces. The answer takes the handlers away. The SIGHUP of a terminal that is closed (the
 * shell may send it as well as the kernel) is no such request.
 */
export function handleSignals(control: RunControl, { say, giveUp, hungUp }: SignalActions): () => void {
  let asked = 0;
  const handlers = signals.map((signal) => {
    const handler = (): void => {
      if (signal === "SIGHUP" && hungUp !== undefined) {
        hungUp();
        return;
      }
      asked += 1;
      if (asked === 1) {
        say(
          signal === "SIGINT"
            ? "Stopping: agents are asked to end. Press Ctrl-C again to force\n"
            : `Stopping: ${signal}\n`,
        );
        control.stop({ force: false, signal });
      } else if (asked === 2) {
        say("Stopping by force\n");
        control.stop({ force: true, signal });
      } else giveUp(exitCodes[signal]);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  return () => {
    for (const { signal, handler } of handlers) process.off(signal, handler);
  };
}
