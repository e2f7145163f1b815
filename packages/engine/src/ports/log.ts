import type { LoggedEvent, RunEvent } from "@claude-orchestrator/domain";

/** The run's log: one writer. */
export interface EventLog {
  /** Numbers the event and queues it for disk. Throws only where the run's log has been closed. */
  append(event: RunEvent): LoggedEvent;
  /** Settles once everything appended so far is on disk. */
  flush(): Promise<void>;
  /** Called for each event after it is on disk, in order: what a reader may show. The answer unsubscribes. */
  subscribe(reader: (events: readonly LoggedEvent[]) => void): () => void;
  /**
   * Called with a sentence when events cannot be written (they wait in memory), and with undefined when they can again.
   * "lost": they never will be. The answer unsubscribes.
   */
  onTrouble(listener: (trouble: WritingTrouble | undefined) => void): () => void;
}

export interface WritingTrouble {
  readonly kind: "full" | "read-only" | "locked" | "io" | "lost";
  readonly message: string;
}
