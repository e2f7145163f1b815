import type { LoggedEvent, RunEvent } from "@claude-orchestrator/domain";
import type { EventLog } from "../ports.ts";

/** A log in memory that numbers like the real one and remembers everything. */
export class MemoryLog implements EventLog {
  readonly events: LoggedEvent[] = [];
  /** True: nothing reaches the disk any more. */
  isStuck = false;
  /** True: nothing can reach the disk any more. */
  isLost = false;
  readonly #wall: () => number;

  constructor(wall: () => number) {
    this.#wall = wall;
  }

  append(event: RunEvent): LoggedEvent {
    const logged = { ...event, seq: this.events.length + 1, at: this.#wall() };
    this.events.push(logged);
    return logged;
  }

  flush(): Promise<void> {
    if (this.isLost) return Promise.reject(new Error("the log is lost"));
    return this.isStuck ? new Promise(() => undefined) : Promise.resolve();
  }

  subscribe(): () => void {
    return () => undefined;
  }

  onTrouble(): () => void {
    return () => undefined;
  }
}
