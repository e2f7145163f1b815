import type { LoggedEvent } from "@claude-orchestrator/domain";
import type { EventLog } from "@claude-orchestrator/engine/ports";

/** Remembers what a log has been given and not yet told its readers: of a log that fails, what is on no disk. */
export class UnwrittenEvents {
  /** The log, for whoever appends to it. */
  readonly log: EventLog;
  #events: LoggedEvent[] = [];

  constructor(log: EventLog) {
    this.log = {
      append: (event) => {
        const logged = log.append(event);
        this.#events.push(logged);
        return logged;
      },
      flush: () => log.flush(),
      subscribe: (reader) => log.subscribe(reader),
      onTrouble: (listener) => log.onTrouble(listener),
    };
    // In order, without a gap: what a reader hears of is the beginning of what was appended.
    log.subscribe((events) => (this.#events = this.#events.slice(events.length)));
  }

  get events(): readonly LoggedEvent[] {
    return this.#events;
  }
}
