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
/** Kept for those who read along; whoever is further behind reads the log. */
const mostKept = 1024;

/** Events as they are told: their numbers, and their JSON with commas between. */
export interface Page {
  readonly from: number;
  readonly through: number;
  readonly text: string;
}

interface KeptEvent {
  readonly seq: number;
  readonly text: string;
}

/** A run's log as it grows, read once for all who follow it. */
export class EventTail {
  readonly #log: RunLogReader;
  #kept: KeptEvent[] = [];
  #last: number;
  #isSettled = false;
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
    this.#dueAt = now + (events.length === pageEvents ? 0 : this.#pace(now));
    return events.length > 0;
  }

  /** What follows number `after`, at most a page; undefined where there is nothing (yet). */
  after(after: number): Page | undefined {
    if (after >= this.#last) return undefined;
    const key = `${after}-${this.#last}`;
    const known = this.#pages.get(key);
    if (known !== undefined) return known;
    const events = this.#isKept(after) ? this.#keptAfter(after) : this.#readAfter(after);
    const through = events.at(-1)?.seq;
    if (through === undefined) return undefined;
    const page = { from: after + 1, through, text: events.map(({ text }) => text).join(",") };
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
    for (const event of events) {
      if (event.type === "run-settled") this.#isSettled = true;
      if (event.type === "run-reopened" || event.type === "run-resumed") this.#isSettled = false;
      this.#kept.push({ seq: event.seq, text: JSON.stringify(event) });
    }
    if (this.#kept.length > 2 * mostKept) this.#kept = this.#kept.slice(-mostKept);
    this.#last = events.at(-1)?.seq ?? this.#last;
    this.#lastNewsAt = now;
  }

  #pace(now: number): number {
    if (this.#isSettled) return settledMs;
    return now - this.#lastNewsAt > quietAfterMs ? quietMs : busyMs;
  }

  #isKept(after: number): boolean {
    return (this.#kept[0]?.seq ?? Number.POSITIVE_INFINITY) <= after + 1;
  }

  #keptAfter(after: number): readonly KeptEvent[] {
    // Where the log is damaged numbers are missing, so the place is looked for.
    const at = this.#kept.findLastIndex(({ seq }) => seq <= after);
    return this.#kept.slice(at + 1, at + 1 + pageEvents);
  }

  #readAfter(after: number): readonly KeptEvent[] {
    const events = this.#log.eventsUnlessHeld(after + 1, pageEvents);
    return events.map((event) => ({ seq: event.seq, text: JSON.stringify(event) }));
  }
}
