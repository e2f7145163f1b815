import type { RoomClock } from "../proxy/waitingRoom.ts";

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** A clock that stands still but where it is told to go on: from one timer to the next. */
export class VirtualClock implements RoomClock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + ms, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Until nothing is to happen any more. Gives the time. */
  async runOut(): Promise<number> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      let next: Timer | undefined;
      for (const timer of this.#timers) if (next === undefined || timer.at < next.at) next = timer;
      if (next === undefined) return this.#now;
      this.#timers.delete(next);
      this.#now = next.at;
      next.call();
    }
  }
}
