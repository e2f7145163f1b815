import type { Clock } from "@claude-orchestrator/engine/ports";
import type { Span } from "./span.ts";

/*
 * Brings spans to a collector, beside a run.
 *
 * 1. Nothing here throws, rejects, or makes anybody wait but `close`, and that no longer than it is told.
 * 2. At most `mostWaiting` spans wait: what comes on top of them is lost, and counted.
 * 3. One batch is under way at a time, and they go in order. What may pass (no connection, 429, 502, 503, 504) is tried again
 *    with growing waits, as OTLP asks; anything else is lost at once.
 * 4. What is lost is told once, by what `close` gives.
 * 5. At the end a collector that is busy is asked again while there is time; one that cannot be reached is tried once.
 */

export const mostWaiting = 4096;
export const mostInBatch = 512;
const mostTries = 6;
const lingerMs = 2_000;
const longestPauseMs = 30_000;

/** What became of a batch. */
export type ExportAnswer = { readonly ok: true; readonly rejected: number; readonly detail: string } | ExportFailure;

interface ExportFailure {
  readonly ok: false;
  /** busy: the collector asks to come again. unreachable: nobody answered. final: another try would not help. */
  readonly why: "busy" | "unreachable" | "final";
  readonly detail: string;
  readonly retryAfterMs?: number | undefined;
}

export interface ExporterParts {
  /** Sends one batch once. */
  readonly send: (spans: readonly Span[], signal: AbortSignal) => Promise<ExportAnswer>;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Called when all spans up to one that ended with this event of the log have arrived. */
  readonly arrived: (seq: number) => void;
}

export interface SpanLoss {
  readonly lost: number;
  readonly of: number;
  /** What the collector answered the first time, in words. */
  readonly detail: string;
}

export class SpanExporter {
  readonly #parts: ExporterParts;
  readonly #abort = new AbortController();
  readonly #waiting: Span[] = [];
  #given = 0;
  #lost = 0;
  #detail = "";
  #closing = false;
  #lingers = false;
  /** Settles when nothing is under way. */
  #work: Promise<void> | undefined;
  #wake = (): void => undefined;

  constructor(parts: ExporterParts) {
    this.#parts = parts;
  }

  add(spans: readonly Span[]): void {
    if (spans.length === 0 || this.#closing) return;
    const room = Math.max(0, mostWaiting - this.#waiting.length);
    this.#given += spans.length;
    this.#waiting.push(...spans.slice(0, room));
    if (spans.length > room) this.#lose(spans.length - room, "more spans than could be sent");
    if (this.#lingers && this.#waiting.length >= mostInBatch) this.#wake();
    this.#work ??= this.#run();
  }

  get isBusy(): boolean {
    return this.#work !== undefined;
  }

  /** Sends what waits, for at most so long. Gives what was lost in all; undefined where nothing was. */
  async close(graceMs: number): Promise<SpanLoss | undefined> {
    this.#closing = true;
    this.#wake();
    const cancel = this.#parts.clock.after(graceMs, () => {
      this.#abort.abort();
      this.#wake();
    });
    await this.#work;
    cancel();
    return this.#lost === 0 ? undefined : { lost: this.#lost, of: this.#given, detail: this.#detail };
  }

  async #run(): Promise<void> {
    this.#lingers = true;
    if (!this.#closing) await this.#pause(lingerMs);
    this.#lingers = false;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, mostInBatch);
      await this.#deliver(batch);
      // A collector that took nothing at the end takes the rest no better: nobody waits for that.
      if (this.#closing && this.#abort.signal.aborted) this.#lose(this.#waiting.splice(0).length, "no time was left");
    }
    this.#work = undefined;
  }

  async #deliver(batch: readonly Span[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const wasClosing = this.#closing;
      const answer = await this.#try(batch);
      if (answer.ok) {
        this.#lose(answer.rejected, answer.detail);
        this.#parts.arrived(batch.at(-1)?.seq ?? 0);
        return;
      }
      const isInVain = answer.why === "final" || (wasClosing && answer.why === "unreachable");
      if (isInVain || tries === mostTries || this.#abort.signal.aborted) {
        this.#lose(batch.length, answer.detail);
        if (wasClosing) this.#abort.abort();
        return;
      }
      await this.#pause(this.#waitAfter(tries, answer));
    }
  }

  /** Half of it by chance, so that many runs do not come back at the same moment. */
  #waitAfter(tries: number, { retryAfterMs = 0 }: ExportFailure): number {
    const wait = 1000 * 2 ** (tries - 1) * (0.5 + this.#parts.random());
    return Math.min(longestPauseMs, Math.max(wait, retryAfterMs));
  }

  async #try(batch: readonly Span[]): Promise<ExportAnswer> {
    const { signal } = this.#abort;
    const late = { ok: false, why: "final", detail: "no answer before the run's end" } as const;
    if (signal.aborted) return late;
    const given = Promise.withResolvers<ExportAnswer>();
    const give = (): void => given.resolve(late);
    signal.addEventListener("abort", give, { once: true });
    try {
      return await Promise.race([this.#parts.send(batch, signal), given.promise]);
    } catch (error) {
      return { ok: false, why: "unreachable", detail: error instanceof Error ? error.message : String(error) };
    } finally {
      signal.removeEventListener("abort", give);
    }
  }

  #lose(count: number, detail: string): void {
    if (count === 0) return;
    this.#lost += count;
    this.#detail ||= detail;
  }

  /** Until the time is over, a batch is full, or the end: whatever comes first. */
  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#parts.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = () => undefined;
  }
}
