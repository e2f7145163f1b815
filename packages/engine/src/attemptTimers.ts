import type { InstancePlan, StopCause } from "@claude-orchestrator/domain";
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
 * `heard` is cheap enough for every line: the idle timer looks at the time of the last one when it fires and re-arms.
 */
export class AttemptTimers {
  readonly #clock: Clock;
  readonly #fire: (cause: TimeoutCause) => void;
  readonly #cancels = new Set<() => void>();
  #cancelFirst: (() => void) | undefined;
  #lastHeard: number;

  constructor(clock: Clock, { instance, elapsedMs, hasPrinted }: TimedAttempt, fire: (cause: TimeoutCause) => void) {
    this.#clock = clock;
    this.#fire = fire;
    this.#lastHeard = clock.monotonic();
    const { timeoutMs, idleTimeoutMs, firstEventTimeoutMs } = instance;
    if (timeoutMs !== undefined) this.#arm("wall", timeoutMs - elapsedMs, timeoutMs);
    if (idleTimeoutMs !== undefined) this.#armIdle(idleTimeoutMs, idleTimeoutMs);
    if (firstEventTimeoutMs !== undefined && !hasPrinted) {
      this.#cancelFirst = this.#arm("first_event", firstEventTimeoutMs - elapsedMs, firstEventTimeoutMs);
    }
  }

  /** Something was printed. */
  heard(): void {
    this.#lastHeard = this.#clock.monotonic();
  }

  /** The first event came, or a later one. */
  heardFirst(): void {
    if (this.#cancelFirst === undefined) return;
    this.#cancelFirst();
    this.#cancelFirst = undefined;
  }

  /** Cancels them all; nothing fires after this. */
  clear(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#cancelFirst = undefined;
  }

  #arm(timer: TimeoutCause["timer"], ms: number, afterMs: number): () => void {
    return this.#after(ms, () => this.#fire({ kind: "timeout", timer, afterMs }));
  }

  #armIdle(ms: number, idleTimeoutMs: number): void {
    this.#after(ms, () => {
      const quiet = this.#clock.monotonic() - this.#lastHeard;
      if (quiet >= idleTimeoutMs) this.#fire({ kind: "timeout", timer: "idle", afterMs: idleTimeoutMs });
      else this.#armIdle(idleTimeoutMs - quiet, idleTimeoutMs);
    });
  }

  #after(ms: number, action: () => void): () => void {
    const cancel = this.#clock.after(ms, () => {
      this.#cancels.delete(cancel);
      action();
    });
    this.#cancels.add(cancel);
    return cancel;
  }
}
