import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { crc32 } from "node:zlib";
import { UserError, mayFollow, reduceSchedules, scheduleOf } from "@claude-orchestrator/domain";
import type { LoggedScheduleEvent, ScheduleEvent, Schedules } from "@claude-orchestrator/domain";
import { makeDirectory, makePrivateFile } from "../privateFile.ts";
import { isLocked, openDatabase, sqliteFailure } from "../sqlite.ts";
import { prepareScheduleTables } from "./scheduleTables.ts";

/** What the log of one person's schedules tells, and the one way to add to it. */
export interface ScheduleLog {
  /** Folded from all events on disk by now. @throws UserError log-not-usable where one of them is broken */
  read(): Schedules;
  /** The number of the last event `read` or `append` has seen. */
  readonly seq: number;
  /**
   * Adds what `decide` answers for what is true at that moment: nothing is written by anybody in between, and all of it is on
   * disk when this returns, or none.
   *
   * @throws UserError log-not-usable where it cannot be written; an Error where an event may not follow, which is our bug
   */
  append(decide: (schedules: Schedules) => readonly ScheduleEvent[]): Schedules;
  close(): void;
}

export interface ScheduleLogOptions {
  /** ms since 1970. */
  readonly wall: () => number;
  readonly programVersion: string;
}

export const scheduleLogName = "schedules.db";

const damagedHint =
  "move the file away and add the schedules again: nothing is fired from a log that may have lost what was fired";

/** How long another program is waited for, ms. Transactions take a few ms; this is for a disk that is very busy. */
const patienceMs = 10_000;

/**
 * Opens the log in that folder, made (0700, the file 0600) where it is not there. A broken event refuses the whole of it: what
 * it said about a slot is unknown, and a slot may never be fired twice.
 *
 * @throws UserError log-not-usable
 */
export function openScheduleLog(directory: string, options: ScheduleLogOptions): ScheduleLog {
  const path = join(resolve(directory), scheduleLogName);
  let database: DatabaseSync | undefined;
  try {
    makeDirectory(resolve(directory));
    if (!existsSync(path)) makeFile(path);
    database = openDatabase(path, { readOnly: false });
    database.exec(`PRAGMA busy_timeout = ${patienceMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`);
    prepareScheduleTables(database, path, options.programVersion);
    return new SqliteScheduleLog(path, database, options);
  } catch (error) {
    database?.close();
    throw error instanceof UserError ? error : notUsable(path, error);
  }
}

function makeFile(path: string): void {
  try {
    makePrivateFile(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

class SqliteScheduleLog implements ScheduleLog {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #options: ScheduleLogOptions;
  #schedules: Schedules = new Map();
  #seq = 0;

  constructor(path: string, database: DatabaseSync, options: ScheduleLogOptions) {
    this.#path = path;
    this.#database = database;
    this.#options = options;
  }

  get seq(): number {
    return this.#seq;
  }

  read(): Schedules {
    const rows = this.#database.prepare("SELECT * FROM event WHERE seq > ? ORDER BY seq").iterate(this.#seq);
    for (const row of rows) this.#take(decode(row, this.#path));
    return this.#schedules;
  }

  append(decide: (schedules: Schedules) => readonly ScheduleEvent[]): Schedules {
    const added: LoggedScheduleEvent[] = [];
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      const events = decide(this.read());
      for (const event of events) added.push(this.#insert(event, added));
      this.#database.exec("COMMIT");
    } catch (error) {
      if (error instanceof Error && "errcode" in error) throw notUsable(this.#path, error);
      throw error;
    } finally {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    }
    for (const event of added) this.#take(event);
    return this.#schedules;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #insert(event: ScheduleEvent, before: readonly LoggedScheduleEvent[]): LoggedScheduleEvent {
    const so = before.reduce(reduceSchedules, this.#schedules);
    if ("slot" in event && !mayFollow(so.get(event.id), event)) {
      throw new Error(`${event.type} may not follow for slot ${event.slot} of ${event.id}`);
    }
    const seq = this.#seq + before.length + 1;
    const logged: LoggedScheduleEvent = { ...event, seq, at: this.#options.wall() };
    const body = JSON.stringify(event);
    const slot = "slot" in event ? event.slot : null;
    this.#database
      .prepare("INSERT INTO event (seq, at, type, schedule, slot, body, crc) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(seq, logged.at, event.type, scheduleOf(event), slot, body, checksum(seq, logged.at, body));
    return logged;
  }

  #take(event: LoggedScheduleEvent): void {
    this.#schedules = reduceSchedules(this.#schedules, event);
    this.#seq = event.seq;
  }
}

function decode(row: Readonly<Record<string, SQLInputValue>>, path: string): LoggedScheduleEvent {
  const { seq, at, body, crc } = row;
  const isWhole = typeof seq === "number" && typeof at === "number" && typeof body === "string";
  if (isWhole && crc === checksum(seq, at, body)) return { ...(JSON.parse(body) as ScheduleEvent), seq, at };
  throw new UserError("log-not-usable", `${path} is damaged: event ${Number(seq)} is not what was written`, {
    hint: damagedHint,
  });
}

function checksum(seq: number, at: number, body: string): number {
  return crc32(body, crc32(`${seq} ${at} `));
}

function notUsable(path: string, error: unknown): UserError {
  const why = error instanceof Error ? error.message : String(error);
  return new UserError("log-not-usable", `${path} cannot be used: ${why}`, {
    hint: hintFor(error),
    cause: error,
  });
}

function hintFor(error: unknown): string {
  if (isLocked(error)) return "another program holds it: try again";
  const failure = sqliteFailure(error);
  if (failure === "corrupt" || failure === "notADatabase") return damagedHint;
  return "check that the folder is yours, can be written and has room";
}
