import type { LoggedEvent } from "@claude-orchestrator/domain";
import { openRunLog } from "@claude-orchestrator/store";
import type { RunLogReader } from "@claude-orchestrator/store";

/** Looked for so often while events come; less often the longer none did, and of a run that has settled. */
const busyMs = 30;
const quietMs = 100;
const settledMs = 1000;
const quietAfterMs = 3000;

/** At once, so that one run's long log does not hold up all others. */
const pageEvents = 512;
/** A page is no longer than this and an event: a hundred who come at once may each have a copy on its way. */
const pageCharacters = 64 * 1024;
/** About what is read at once: whoever reads the past a little behind another finds it. */
const mostPages = 8;

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
  /** By the event before them. What was told once is told the same again. */
  readonly #pages = new Map<number, Page>();

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
    const known = this.#pages.get(after);
    if (known !== undefined) return known;
    const isNewest = (this.#newest[0]?.seq ?? Number.POSITIVE_INFINITY) <= after + 1;
    const events = isNewest
      ? this.#newest.filter(({ seq }) => seq > after)
      : this.#log.eventsUnlessHeld(after + 1, pageEvents);
    for (const page of pagesOf(after + 1, events)) this.#keep(page);
    return this.#pages.get(after);
  }

  /** Nobody is told of the past any more. */
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

  #keep(page: Page): void {
    this.#pages.set(page.from - 1, page);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > mostPages && oldest !== undefined) this.#pages.delete(oldest);
  }

  #pace(now: number): number {
    if (this.#isSettled) return settledMs;
    return now - this.#lastNewsAt > quietAfterMs ? quietMs : busyMs;
  }
}

/** The first of them, as many as are kept. */
function pagesOf(from: number, events: readonly LoggedEvent[]): readonly Page[] {
  const pages: Page[] = [];
  let texts: string[] = [];
  let characters = 0;
  let first = from;
  for (const [index, event] of events.entries()) {
    const text = JSON.stringify(event);
    texts.push(text);
    characters += text.length;
    if (characters < pageCharacters && index < events.length - 1) continue;
    pages.push({ from: first, through: event.seq, json: Buffer.from(texts.join(",")) });
    first = event.seq + 1;
    [texts, characters] = [[], 0];
    if (pages.length === mostPages) break;
  }
  return pages;
}
