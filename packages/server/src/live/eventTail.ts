import type { LoggedEvent } from "@claude-orchestrator/domain";
import { openRunLog } from "@claude-orchestrator/store";
import type { RunLogReader } from "@claude-orchestrator/store";

/** Looked for so often while events come; less often the longer none did, and of a run that has settled. */
const busyMs = 30;
const quietMs = 200;
const settledMs = 1000;
const quietAfterMs = 3000;

/** At once, so that one run's long log does not hold up all others. */
const pageEvents = 512;

/** Events as they are told: their numbers, and their JSON with commas between, in UTF-8. */
export interface Page {
  readonly from: number;
  readonly through: number;
  readonly json: Buffer;
}

/** A run's log as it grows, read once for all who follow it. */
export class EventTail {
  readonly #log: RunLogReader;
  /** What came last, for those who read along; whoever is further behind reads the log. */
  #newest: readonly LoggedEvent[] = [];
  #last: number;
  #isSettled = false;
  #isAtEnd = false;
  #dueAt = 0;
  #lastNewsAt: number;
  readonly #pages = new Map<string, Page>();

  /**
   * @param now ms, monotonic
   * @throws UserError log-not-usable
   */
  constructor(directory: string, now: number) {
    this.#log = openRunLog(directory);
    this.#last = 0;
    this.#lastNewsAt = now;
  }

  /** The last event that is known to be there. */
  get last(): number {
    return this.#last;
  }

  /** Whether the log held nothing beyond `last` when it was read. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /**
   * Reads what is new, where it is time to. Whether there was something.
   *
   * @param floor whoever follows knows all up to here: what is older need not be read for them
   */
  poll(now: number, floor: number): boolean {
    if (now < this.#dueAt) return false;
    if (this.#last === 0) this.#last = floor;
    const events = this.#log.eventsUnlessHeld(this.#last + 1, pageEvents);
    if (events.length > 0) this.#take(events, now);
    this.#isAtEnd = events.length < pageEvents;
    this.#dueAt = now + (events.length === pageEvents ? 0 : this.#pace(now));
    return events.length > 0;
  }

  /** What follows number `after`, at most a page; undefined where there is nothing (yet). */
  after(after: number): Page | undefined {
    if (after >= this.#last) return undefined;
    const key = `${after}-${this.#last}`;
    const known = this.#pages.get(key);
    if (known !== undefined) return known;
    const isNewest = (this.#newest[0]?.seq ?? Number.POSITIVE_INFINITY) <= after + 1;
    const events = isNewest
      ? this.#newest.filter(({ seq }) => seq > after)
      : this.#log.eventsUnlessHeld(after + 1, pageEvents);
    const through = events.at(-1)?.seq;
    if (through === undefined) return undefined;
    const json = Buffer.from(events.map((event) => JSON.stringify(event)).join(","));
    const page = { from: after + 1, through, json };
    this.#pages.set(key, page);
    return page;
  }

  /** Those who follow have been told: pages are made for one round. */
  forgetPages(): void {
    this.#pages.clear();
  }

  close(): void {
    this.#log.close();
  }

  #take(events: readonly LoggedEvent[], now: number): void {
    for (const { type } of events) {
      if (type === "run-settled") this.#isSettled = true;
      if (type === "run-reopened" || type === "run-resumed") this.#isSettled = false;
    }
    this.#newest = events;
    this.#last = events.at(-1)?.seq ?? this.#last;
    this.#lastNewsAt = now;
  }

  #pace(now: number): number {
    if (this.#isSettled) return settledMs;
    return now - this.#lastNewsAt > quietAfterMs ? quietMs : busyMs;
  }
}
