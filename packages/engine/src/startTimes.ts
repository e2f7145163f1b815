import type { InstancePhase, RunEvent } from "@claude-orchestrator/domain";
import type { Clock } from "./ports.ts";
import type { Wakes } from "./wakes.ts";

/** What is held is looked at so often, so that a clock set right or a laptop that slept moves the start. */
const lookAgainMs = 30_000;

/** When instances may start: not before a retry is due, nor sooner than `startup_delay` after the last start. */
export class StartTimes {
  readonly #clock: Clock;
  readonly #wakes: Wakes;
  readonly #ask: () => void;
  /** Monotonic time before which an instance does not start again. */
  readonly #notBefore = new Map<string, number>();
  #nextStart = 0;

  /** @param ask called when the time of something that waits has come */
  constructor(clock: Clock, wakes: Wakes, ask: () => void) {
    this.#clock = clock;
    this.#wakes = wakes;
    this.#ask = ask;
  }

  isDue(name: string): boolean {
    return (this.#notBefore.get(name) ?? 0) <= this.#clock.monotonic();
  }

  retryAfter(name: string, ms: number): void {
    this.#notBefore.set(name, this.#clock.monotonic() + ms);
    this.#wakes.set(`retry ${name}`, ms, this.#ask);
  }

  /** Should it be wanted anew, it owes no wait to what went before. */
  forget(name: string): void {
    this.#notBefore.delete(name);
  }

  /** Something starts now: the next one waits so long. */
  starts(startupDelayMs: number): void {
    this.#nextStart = this.#clock.monotonic() + startupDelayMs;
  }

  get delayIsOver(): boolean {
    const wait = this.#nextStart - this.#clock.monotonic();
    if (wait <= 0) return true;
    this.#wakes.set("startup-delay", wait, this.#ask);
    return false;
  }

  /** Holds a start, and gives the event that tells so. Told anew where it lasts longer than was told. */
  hold(name: string, phase: InstancePhase | undefined, held: Held): RunEvent | undefined {
    const { reason, freesInMs } = held;
    const until = freesInMs === undefined ? undefined : this.#clock.wall() + freesInMs;
    if (freesInMs !== undefined) this.#wakes.set(`hold ${name}`, Math.min(freesInMs, lookAgainMs), this.#ask);
    if (phase?.status === "held" && (until ?? 0) - (phase.until ?? Infinity) < 60_000) return undefined;
    return { type: "instance-held", instance: name, reason, ...(until === undefined ? {} : { until }) };
  }

  /** In so many ms the run's own start is looked at again. */
  lookAtStart(leftMs: number, action: () => void): void {
    this.#wakes.set("start", Math.min(leftMs, lookAgainMs), action);
  }
}

interface Held {
  readonly reason: string;
  readonly freesInMs: number | undefined;
}
