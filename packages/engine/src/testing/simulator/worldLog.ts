import type { LoggedEvent, RunEvent } from "@claude-orchestrator/domain";
import type { EventLog } from "../../ports.ts";
import type { VirtualClock } from "../virtualClock.ts";

/** What a batch waits for before it is synced, as the real log does. */
const batchMs = 40;
const syncMs = 1;

export interface WorldLogWriter extends EventLog {
  /** Appended and not yet synced. */
  readonly pending: readonly LoggedEvent[];
  /** What was left to write. */
  close(): readonly LoggedEvent[];
}

/** The simulated disk: it holds what was synced, whichever supervisor wrote it. */
export class WorldLog {
  readonly durable: LoggedEvent[] = [];
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** One supervisor's hand on it. `isGone` is asked before everything: the dead write nothing. */
  writer(isGone: () => boolean, onAppend: () => void): WorldLogWriter {
    const { durable } = this;
    const clock = this.#clock;
    const pending: LoggedEvent[] = [];
    const listeners = new Set<Parameters<EventLog["onTrouble"]>[0]>();
    let lastSeq = durable.length;
    const sync = (): void => {
      if (!isGone()) durable.push(...pending.splice(0));
    };
    return {
      pending,
      close: () => pending.splice(0),
      append: (event: RunEvent) => {
        const logged = { ...event, seq: lastSeq + 1, at: clock.wall() };
        if (isGone()) return logged;
        lastSeq += 1;
        pending.push(logged);
        if (pending.length === 1) clock.after(batchMs, sync);
        onAppend();
        return logged;
      },
      flush: () =>
        new Promise((resolve) => {
          clock.after(syncMs, () => {
            sync();
            if (!isGone()) resolve();
          });
        }),
      subscribe: () => () => undefined,
      onTrouble: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  }
}
