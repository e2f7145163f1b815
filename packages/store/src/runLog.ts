import type { LoggedEvent, RunEvent, RunId } from "@claude-orchestrator/domain";
import type { Clock, EventLog } from "@claude-orchestrator/engine/ports";
import { type EventRow, encodeEvent } from "./eventRow.ts";
import { type LogFile, createLogFile } from "./logFile.ts";
import { type LogTrouble, describeTrouble, notWritten } from "./logTrouble.ts";

/**
 * The one writer of a run's log.
 *
 * 1. An event gets its number when it is appended; numbers reach the disk in order, without a gap.
 * 2. A reader hears of an event, and a flush settles, only after the transaction that holds it has been synced to disk.
 * 3. A commit that fails loses nothing: its events stay at the head of the queue, and nobody is told of them.
 * 4. Nothing is thrown out of a timer but our own bugs; trouble with the disk goes to `onTrouble`.
 */
export interface RunLog extends EventLog {
  /**
   * Called when events cannot be written, when the reason changes, and with `undefined` when all is well again.
   * Meanwhile appended events wait in memory and `flush` stays unsettled, but for `lost`, which rejects it.
   */
  onTrouble(listener: (trouble: LogTrouble | undefined) => void): () => void;
  /**
   * Writes what is left and closes the file. Appending afterwards throws.
   *
   * @throws UserError log-not-usable where events could not be written within `closeWaitMs`
   */
  close(): Promise<void>;
}

export interface RunLogOptions {
  readonly clock: Pick<Clock, "wall">;
  /** Of this program; a reader that finds the log too new names it. */
  readonly programVersion: string;
  /** An event is on disk at most about this long after it was appended. Default 40. */
  readonly batchMs?: number;
  /** How long `close` goes on trying where the disk refuses. Default 2,000. */
  readonly closeWaitMs?: number;
}

/** A batch is written before its time when it has this many events or characters, so memory stays bounded. */
const batchEvents = 512;
const batchCharacters = 1024 * 1024;

/** The first wait after a failed commit; each next one is twice as long, up to the last. */
const retryMs = { first: 50, last: 2000 } as const;

interface FlushWaiter {
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Makes the directory (mode 0700) and the empty log `events.db` in it.
 *
 * @throws UserError log-not-usable where there is a log already, or none can be made
 */
export function createRunLog(directory: string, run: RunId, options: RunLogOptions): RunLog {
  const file = createLogFile(directory, { run, programVersion: options.programVersion });
  return new RunLogWriter(file, options);
}

export class RunLogWriter implements RunLog {
  readonly #file: LogFile;
  readonly #options: RunLogOptions;
  readonly #readers = new Set<(events: readonly LoggedEvent[]) => void>();
  readonly #troubleListeners = new Set<(trouble: LogTrouble | undefined) => void>();
  #queue: { readonly event: LoggedEvent; readonly row: EventRow }[] = [];
  #queuedCharacters = 0;
  #lastSeq: number;
  #waiters: FlushWaiter[] = [];
  #cancelTimer: (() => void) | undefined;
  #flushAsked = false;
  #trouble: LogTrouble | undefined;
  #retryAfter: number = retryMs.first;
  #closing: Promise<void> | undefined;

  /** @param lastSeq the number of the last event the file holds already */
  constructor(file: LogFile, options: RunLogOptions, lastSeq = 0) {
    this.#file = file;
    this.#options = options;
    this.#lastSeq = lastSeq;
  }

  append(event: RunEvent): LoggedEvent {
    if (this.#closing !== undefined) throw new Error(`the run's log is closed: ${event.type} comes too late`);
    const logged: LoggedEvent = { ...event, seq: this.#lastSeq + 1, at: this.#options.clock.wall() };
    const row = encodeEvent(logged);
    this.#lastSeq = logged.seq;
    this.#queue.push({ event: logged, row });
    this.#queuedCharacters += row.body.length;
    if (this.#trouble !== undefined) return logged;
    if (this.#queue.length >= batchEvents || this.#queuedCharacters >= batchCharacters) this.#commit();
    else if (this.#cancelTimer === undefined) this.#commitAfter(this.#options.batchMs ?? 40);
    return logged;
  }

  flush(): Promise<void> {
    const upTo = this.#lastSeq;
    if (this.#trouble?.kind === "lost") return Promise.reject(notWritten(this.#trouble));
    const settled = new Promise<void>((resolve, reject) => this.#waiters.push({ upTo, resolve, reject }));
    if (this.#queue.length === 0) this.#settleWaiters();
    else if (this.#trouble === undefined) this.#commitSoon();
    return settled;
  }

  subscribe(reader: (events: readonly LoggedEvent[]) => void): () => void {
    // A door of its own, so that the same function subscribed twice is called twice.
    const door = (events: readonly LoggedEvent[]): void => reader(events);
    this.#readers.add(door);
    return () => this.#readers.delete(door);
  }

  onTrouble(listener: (trouble: LogTrouble | undefined) => void): () => void {
    const door = (trouble: LogTrouble | undefined): void => listener(trouble);
    this.#troubleListeners.add(door);
    return () => this.#troubleListeners.delete(door);
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    this.#stopTimer();
    this.#commit();
    if (this.#queue.length > 0 && this.#trouble?.kind !== "lost") await this.#settledOrTooLate();
    this.#stopTimer();
    this.#file.close(this.#trouble === undefined ? this.#lastSeq : undefined);
    if (this.#queue.length === 0) {
      this.#settleWaiters();
      // Readers of the last batch are called before `close` settles.
      await Promise.resolve();
      return;
    }
    const error = notWritten(this.#trouble ?? { kind: "io", message: "unknown", waiting: this.#queue.length });
    this.#rejectWaiters(error);
    throw error;
  }

  /** The retries go on by their timer; this only waits for them, for so long. */
  #settledOrTooLate(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, this.#options.closeWaitMs ?? 2000);
      const done = (): void => {
        clearTimeout(late);
        resolve();
      };
      this.#waiters.push({ upTo: this.#lastSeq, resolve: done, reject: done });
    });
  }

  /** Flushes asked for in one turn of the event loop share one transaction, and so one sync of the disk. */
  #commitSoon(): void {
    if (this.#flushAsked) return;
    this.#flushAsked = true;
    this.#stopTimer();
    const immediate = setImmediate(() => this.#commit());
    this.#cancelTimer = () => clearImmediate(immediate);
  }

  #commitAfter(ms: number): void {
    this.#stopTimer();
    const timer = setTimeout(() => this.#commit(), ms);
    this.#cancelTimer = () => clearTimeout(timer);
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #commit(): void {
    this.#stopTimer();
    this.#flushAsked = false;
    try {
      while (this.#queue.length > 0) this.#commitOneBatch();
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#retryAfter = retryMs.first;
    this.#tellTrouble(undefined);
  }

  #commitOneBatch(): void {
    const done = this.#queue.slice(0, batchEvents);
    this.#file.write(done.map(({ row }) => row));
    this.#queue = this.#queue.slice(done.length);
    this.#queuedCharacters = this.#queue.reduce((sum, { row }) => sum + row.body.length, 0);
    const events = done.map(({ event }) => event);
    // Each reader in a turn of its own: none is called inside `append`, and one that throws (a bug) starves no other.
    for (const reader of this.#readers) {
      queueMicrotask(() => {
        if (this.#readers.has(reader)) reader(events);
      });
    }
    queueMicrotask(() => this.#settleWaiters());
  }

  #failed(error: unknown): void {
    const trouble = describeTrouble(error, this.#file.path, this.#queue.length);
    if (trouble === undefined) throw error;
    this.#tellTrouble(trouble);
    if (trouble.kind === "lost") {
      this.#rejectWaiters(notWritten(trouble));
      return;
    }
    this.#commitAfter(this.#retryAfter);
    this.#retryAfter = Math.min(this.#retryAfter * 2, retryMs.last);
  }

  #tellTrouble(trouble: LogTrouble | undefined): void {
    const isNews = trouble?.kind !== this.#trouble?.kind;
    this.#trouble = trouble;
    if (isNews) for (const listener of this.#troubleListeners) queueMicrotask(() => listener(trouble));
  }

  #settleWaiters(): void {
    const onDisk = this.#lastSeq - this.#queue.length;
    const ready = this.#waiters.filter(({ upTo }) => upTo <= onDisk);
    this.#waiters = this.#waiters.filter(({ upTo }) => upTo > onDisk);
    for (const waiter of ready) waiter.resolve();
  }

  #rejectWaiters(error: Error): void {
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiting) waiter.reject(error);
  }
}
