import type { InstancePlan, StopCause } from "@claude-orchestrator/domain";
import { Countdown } from "./countdown.ts";
import type { Clock } from "./ports.ts";

type TimeoutCause = Extract<StopCause, { kind: "timeout" }>;

export interface TimedAttempt {
  readonly instance: InstancePlan;
  /** How long it had run already, in ms, when this supervisor took it over. */
  readonly elapsedMs: number;
  /** It has printed something already: its first event is no longer waited for. */
  readonly hasPrinted: boolean;
}

/**
 * The three timers of one attempt, on the monotonic clock: wall, idle (nothing printed for so long) and first event.
 * Those two measure an agent's silence, and stand still while it is silent for our sake; the wall does not.
 */
export class AttemptTimers {
  readonly #wall: Countdown | undefined;
  readonly #idle: Countdown | undefined;
  readonly #firstEvent: Countdown | undefined;

  constructor(clock: Clock, { instance, elapsedMs, hasPrinted }: TimedAttempt, fire: (cause: TimeoutCause) => void) {
    const countdown = (timer: TimeoutCause["timer"], wholeMs: number | undefined, goneMs: number) => {
      if (wholeMs === undefined) return undefined;
      const over = (): void => fire({ kind: "timeout", timer, afterMs: wholeMs });
      return new Countdown(clock, wholeMs, over, wholeMs - goneMs);
    };
    this.#wall = countdown("wall", instance.timeoutMs, elapsedMs);
    this.#idle = countdown("idle", instance.idleTimeoutMs, 0);
    this.#firstEvent = hasPrinted ? undefined : countdown("first_event", instance.firstEventTimeoutMs, elapsedMs);
  }

  /** Something was printed. */
  heard(): void {
    this.#idle?.beginAnew();
  }

  /** The first event came, or a later one. */
  heardFirst(): void {
    this.#firstEvent?.end();
  }

  /** What it is silent for is ours: a request of it is held. */
  standStill(): void {
    this.#idle?.standStill();
    this.#firstEvent?.standStill();
  }

  goOn(): void {
    this.#idle?.goOn();
    this.#firstEvent?.goOn();
  }

  /** Nothing fires after this. */
  clear(): void {
    for (const each of [this.#wall, this.#idle, this.#firstEvent]) each?.end();
  }
}
