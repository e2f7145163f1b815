import type { LoggedEvent, RunEvent } from "@claude-orchestrator/domain";
import type { EventLog } from "../ports.ts";

type TroubleListener = Parameters<EventLog["onTrouble"]>[0];

/** A log in memory that numbers like the real one and remembers everything. */
export class MemoryLog implements EventLog {
  readonly events: LoggedEvent[] = [];
  /** True: nothing reaches the disk any more. */
  isStuck = false;
  /** True: nothing can reach the disk any more. */
  isLost = false;
  readonly #wall: () => number;
  readonly #listeners = new Set<TroubleListener>();

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

  onTrouble(listener: TroubleListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the real log tells of a disk that refuses. */
  trouble(trouble: Parameters<TroubleListener>[0]): void {
    for (const listener of this.#listeners) listener(trouble);
  }
}
