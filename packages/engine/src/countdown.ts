import type { Clock } from "./ports.ts";

/** Counts its time down on the monotonic clock, calls once when none is left, and can be made to stand still meanwhile. */
export class Countdown {
  readonly #clock: Clock;
  readonly #wholeMs: number;
  readonly #over: () => void;
  /** What was left at `#since`, or when it came to stand. */
  #leftMs: number;
  /** Undefined while it stands. */
  #since: number | undefined;
  #isOver = false;
  #cancel: () => void = () => undefined;

  /** Runs at once. @param leftMs what is left of the whole already, where that is less */
  constructor(clock: Clock, wholeMs: number, over: () => void, leftMs = wholeMs) {
    this.#clock = clock;
    this.#wholeMs = wholeMs;
    this.#leftMs = leftMs;
    this.#over = over;
    this.goOn();
  }

  /** All of its time is left again. Cheap enough for every line that is printed: the alarm finds out when it rings. */
  beginAnew(): void {
    this.#leftMs = this.#wholeMs;
    if (this.#since !== undefined) this.#since = this.#clock.monotonic();
  }

  /** What is left stays, until it goes on. */
  standStill(): void {
    if (this.#since === undefined) return;
    this.#leftMs = this.#left(this.#since);
    this.#since = undefined;
    this.#cancel();
  }

  goOn(): void {
    if (this.#isOver || this.#since !== undefined) return;
    this.#since = this.#clock.monotonic();
    this.#arm(this.#leftMs);
  }

  /** It calls no more, whatever is asked of it. */
  end(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #arm(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => this.#ring());
  }

  #ring(): void {
    if (this.#isOver || this.#since === undefined) return;
    const left = this.#left(this.#since);
    if (left > 0) {
      this.#arm(left);
      return;
    }
    this.#isOver = true;
    this.#over();
  }

  #left(since: number): number {
    return this.#leftMs - (this.#clock.monotonic() - since);
  }
}
