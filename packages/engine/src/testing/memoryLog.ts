import type { LoggedEvent, RunEvent } from "@claude-orchestrator/domain";
import type { EventLog } from "../ports.ts";

/** A log in memory that numbers like the real one and remembers everything. */
export class MemoryLog implements EventLog {
  readonly events: LoggedEvent[] = [];
  readonly #wall: () => number;

  constructor(wall: () => number) {
    this.#wall = wall;
  }

  append(event: RunEvent): LoggedEvent {
    const logged = { ...event, seq: this.events.length + 1, at: this.#wall() };
    this.events.push(logged);
    return logged;
  }

  async flush(): Promise<void> {}

  subscribe(): () => void {
    return () => undefined;
  }
}
