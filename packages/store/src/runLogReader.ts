import type { DatabaseSync } from "node:sqlite";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { decodeEvent } from "./eventRow.ts";
import { readRows } from "./eventRows.ts";
import { openLog, tries } from "./openLog.ts";
import type { LogMeta } from "./schema.ts";
import { isLocked } from "./sqlite.ts";

/** Reads one run's log, also while another process writes it. Between two pages nothing is held open in the file. */
export interface RunLogReader {
  /** Whose log it is and which program wrote it. */
  readonly meta: LogMeta;
  /**
   * The readable events numbered `from` (default 1) and up, at most `limit`, in order, as of the time each page is
   * read. What is damaged is left out here and named by `damage`.
   */
  events(from?: number, limit?: number): Iterable<LoggedEvent>;
  /** As `events`, for whoever asks again soon: none where another program holds the file for the moment. */
  eventsUnlessHeld(from: number, limit: number): readonly LoggedEvent[];
  /** Reads the whole log and checks each event. Empty for a sound log. */
  damage(): readonly LogDamage[];
  /** All events and all damage, for one reading of the log. */
  whole(): { readonly events: readonly LoggedEvent[]; readonly damage: readonly LogDamage[] };
  /**
   * Calls `onEvents` with the events from number `from` on, and then with new ones as they come (looked for every
   * 100 ms). The answer stops it. It goes on after the run's last event: stopping is the caller's.
   */
  follow(from: number, onEvents: (events: readonly LoggedEvent[]) => void): () => void;
  close(): void;
}

export interface LogDamage {
  /** The first event that is missing or broken. */
  readonly seq: number;
  /** One sentence for a person, with the range. */
  readonly what: string;
}

const pollMs = 100;

/** As many events are handed to a follower at once. */
const followEvents = 512;

/**
 * Opens the log in a run's directory, for reading only.
 *
 * @throws UserError log-not-usable where there is none, it is no log, or a newer program wrote it
 */
export function openRunLog(directory: string): RunLogReader {
  const { database, meta } = openLog(directory);
  return new SqliteLogReader(database, meta);
}

type Finding =
  | { readonly kind: "event"; readonly event: LoggedEvent }
  | { readonly kind: "damage"; readonly through: number; readonly damage: LogDamage };

class SqliteLogReader implements RunLogReader {
  readonly meta: LogMeta;
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync, meta: LogMeta) {
    this.#database = database;
    this.meta = meta;
  }

  events(from = 1, limit = Number.POSITIVE_INFINITY): Iterable<LoggedEvent> {
    return this.#events(from, limit, tries);
  }

  *#events(from: number, limit: number, patience: number): Iterable<LoggedEvent> {
    let left = limit;
    if (left <= 0) return;
    for (const finding of this.#scan(from, patience)) {
      if (finding.kind !== "event") continue;
      yield finding.event;
      left -= 1;
      if (left <= 0) return;
    }
  }

  damage(): readonly LogDamage[] {
    return this.#examine(() => undefined);
  }

  whole(): { readonly events: readonly LoggedEvent[]; readonly damage: readonly LogDamage[] } {
    const events: LoggedEvent[] = [];
    return { damage: this.#examine((event) => events.push(event)), events };
  }

  follow(from: number, onEvents: (events: readonly LoggedEvent[]) => void): () => void {
    let next = from;
    let isStopped = false;
    const look = (): void => {
      const events = this.eventsUnlessHeld(next, followEvents);
      next = (events.at(-1)?.seq ?? next - 1) + 1;
      if (events.length > 0) onEvents(events);
      if (!isStopped) timer = setTimeout(look, events.length === followEvents ? 0 : pollMs);
    };
    let timer = setTimeout(look, 0);
    return () => {
      isStopped = true;
      clearTimeout(timer);
    };
  }

  eventsUnlessHeld(from: number, limit: number): readonly LoggedEvent[] {
    try {
      return [...this.#events(from, limit, 0)];
    } catch (error) {
      if (isLocked(error)) return [];
      throw error;
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #examine(onEvent: (event: LoggedEvent) => void): readonly LogDamage[] {
    const found: LogDamage[] = [];
    let last = 0;
    for (const finding of this.#scan(1, tries)) {
      last = finding.kind === "event" ? finding.event.seq : finding.through;
      if (finding.kind === "damage") found.push(finding.damage);
      else onEvent(finding.event);
    }
    const closedAt = this.meta.closedAt ?? 0;
    if (closedAt > last) found.push(missing(last + 1, closedAt));
    return found;
  }

  /** Every event from `from` on, or what is wrong in its place. */
  *#scan(from: number, patience: number): Iterable<Finding> {
    let expected = from;
    for (const row of readRows(this.#database, from, patience)) {
      if (row.seq > expected) yield damaged(row.seq - 1, missing(expected, row.seq - 1));
      if ("unreadable" in row) {
        const what = `${named(row.seq, row.through)} not readable: ${row.unreadable}`;
        yield damaged(row.through, { seq: row.seq, what });
        expected = row.through + 1;
        continue;
      }
      expected = row.seq + 1;
      const event = decodeEvent(row);
      yield typeof event === "string"
        ? damaged(row.seq, { seq: row.seq, what: `${named(row.seq, row.seq)} damaged: ${event}` })
        : { kind: "event", event };
    }
  }
}

function damaged(through: number, damage: LogDamage): Finding {
  return { kind: "damage", through, damage };
}

function missing(first: number, last: number): LogDamage {
  return { seq: first, what: `${named(first, last)} missing` };
}

function named(first: number, last: number): string {
  return first === last ? `event ${first} is` : `events ${first} to ${last} are`;
}
