/** Time as a room needs it: ms of a clock that does not jump. */
export interface RoomClock {
  now(): number;
  /** Gives what cancels it. */
  after(ms: number, call: () => void): () => void;
}

export interface Wait {
  readonly longestMs: number;
  readonly signal: AbortSignal;
  /** Higher ones go first. */
  readonly priority: number;
  /** Since when it waits, by the room's clock: also from an earlier wait. */
  readonly since: number;
  /** What it waits before; `tryAt` names it. */
  readonly place: object;
}

/** Not yet: to be tried again after so many ms, or when something changes. */
export interface Held {
  readonly is: "held";
  readonly againInMs: number | undefined;
  /** True where its place is what it waits for; else it waits for room in a budget, and `tryAt` does not try it. */
  readonly isAtPlace: boolean;
}

interface Waiting {
  readonly wait: Wait;
  readonly attempt: () => void;
  isAside: boolean;
}

/** Who has waited for so long goes before everybody who has not, whatever their priorities: nobody starves. */
const longWaitMs = 60_000;

const machineClock: RoomClock = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Requests that wait: for their API, or for room in a budget. Each is tried again when something has changed or its time comes,
 * those of higher priority first, among them the older ones; whoever comes anew is no exception.
 */
export class WaitingRoom {
  readonly #clock: RoomClock;
  readonly #waiting = new Set<Waiting>();

  constructor(clock: RoomClock = machineClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Calls `retry` at each chance until it gives an answer, with how long it may still wait. Gives up when aborted. */
  async until<Answer extends { readonly is: string }>(
    retry: (leftMs: number) => Answer | Held,
    wait: Wait,
  ): Promise<Exclude<Answer, Held>> {
    const { promise, resolve, reject } = Promise.withResolvers<Exclude<Answer, Held>>();
    const started = this.#clock.now();
    let cancel = (): void => undefined;
    let isOver = false;
    const again = (): void => {
      waiting.isAside = false;
      this.tryAt(wait.place);
    };
    const look = (): void => {
      cancel();
      const leftMs = wait.longestMs - (this.#clock.now() - started);
      const answer = retry(leftMs);
      if (!isHeld(answer)) {
        isOver = true;
        resolve(answer as Exclude<Answer, Held>);
        return;
      }
      waiting.isAside = !answer.isAtPlace;
      cancel = this.#clock.after(Math.max(1, Math.ceil(Math.min(leftMs, answer.againInMs ?? leftMs))), again);
    };
    const attempt = (): void => {
      if (isOver) return;
      try {
        look();
      } catch (error) {
        // A bug on its own way, which must not end whoever happened to make room.
        isOver = true;
        reject(error);
      }
    };
    const waiting: Waiting = { wait, attempt, isAside: false };
    const giveUp = (): void => reject(wait.signal.reason as Error);
    wait.signal.addEventListener("abort", giveUp, { once: true });
    this.#waiting.add(waiting);
    try {
      wait.signal.throwIfAborted();
      this.tryAt(wait.place);
      return await promise;
    } finally {
      isOver = true;
      cancel();
      this.#waiting.delete(waiting);
      wait.signal.removeEventListener("abort", giveUp);
    }
  }

  /** Something has settled: there may be room in a budget now. */
  tryAll(): void {
    this.#try(() => true);
  }

  /** Something has changed at a place. */
  tryAt(place: object): void {
    this.#try(({ wait, isAside }) => wait.place === place && !isAside);
  }

  /** How many wait at the same place and go before this one. */
  aheadOf(wait: Wait): number {
    const now = this.#clock.now();
    return [...this.#waiting].filter(
      (each) => each.wait.place === wait.place && !each.isAside && compare(each.wait, wait, now) < 0,
    ).length;
  }

  #try(which: (waiting: Waiting) => boolean): void {
    const now = this.#clock.now();
    const tried = [...this.#waiting].filter(which).toSorted((a, b) => compare(a.wait, b.wait, now));
    for (const { attempt } of tried) attempt();
  }
}

function compare(a: Wait, b: Wait, now: number): number {
  const [isLongA, isLongB] = [now - a.since >= longWaitMs, now - b.since >= longWaitMs];
  if (isLongA !== isLongB) return isLongA ? -1 : 1;
  return (isLongA ? 0 : b.priority - a.priority) || a.since - b.since;
}

function isHeld(answer: { readonly is: string }): answer is Held {
  return answer.is === "held";
}
