import type { RunControl } from "@claude-orchestrator/engine";

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 143 } as const;

type Asked = keyof typeof exitCodes;

/** What is listened to, and what it is taken for. Ctrl-Break is the Ctrl-C that Windows hands to a program in a group of its own. */
const signals: readonly (readonly [NodeJS.Signals, Asked])[] = [
  ["SIGINT", "SIGINT"],
  ["SIGBREAK", "SIGINT"],
  ["SIGTERM", "SIGTERM"],
  ["SIGHUP", "SIGHUP"],
];

export interface SignalActions {
  /** Says something to the person at once. */
  readonly say: (text: string) => void;
  /** Kills what runs and ends the program: the last resort. */
  readonly giveUp: (exitCode: number) => void;
  /**
   * The terminal has gone, and the run goes on without it. Absent where SIGHUP asks to stop: there is no terminal, or Windows ends every
   * program of a window that is closed some seconds later.
   */
  readonly hungUp?: () => void;
}

/**
 * The first signal asks the run to stop, the second forces it, the third does not wait any longer. Both kinds count
 * together: Ctrl-C after a SIGTERM forces. The answer takes the handlers away. The SIGHUP of a terminal that is closed (the
 * shell may send it as well as the kernel) is no such request.
 */
export function handleSignals(control: RunControl, { say, giveUp, hungUp }: SignalActions): () => void {
  let asked = 0;
  const handlers = signals.map(([heard, signal]) => {
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
    process.on(heard, handler);
    return { heard, handler };
  });
  return () => {
    for (const { heard, handler } of handlers) process.off(heard, handler);
  };
}
