import type { LoggedEvent } from "@claude-orchestrator/domain";

/** The lines of a stream as they come, and the events among them. */
export interface EventFeed {
  /** Takes the next piece of standard output. */
  take(text: string): void;
  /** Nothing more will come. */
  close(why: string): void;
  events(): readonly LoggedEvent[];
  /** The first event, past or to come, that matches. Rejects where the stream ends without one. */
  waitFor(matches: (event: LoggedEvent) => boolean): Promise<LoggedEvent>;
}

/** Reads JSON lines; what is no event (the output of a command without `--json`) is left out. */
export function createEventFeed(): EventFeed {
  const events: LoggedEvent[] = [];
  const waiting = new Set<() => void>();
  let rest = "";
  let ended: string | undefined;
  const wake = (): void => {
    for (const look of waiting) look();
  };
  return {
    take(text) {
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("{") && line.endsWith("}")) add(line);
      wake();
    },
    close(why) {
      ended = why;
      wake();
    },
    events: () => [...events],
    waitFor: (matches) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = events.find(matches);
          if (found === undefined && ended === undefined) return;
          waiting.delete(look);
          if (found === undefined) reject(new Error(`the event did not come: ${ended}`));
          else resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };

  function add(line: string): void {
    try {
      events.push(JSON.parse(line) as LoggedEvent);
    } catch {
      // Pretty-printed JSON of another command has lines like this: no event.
    }
  }
}
