import { chmodSync, existsSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { UserError } from "@claude-orchestrator/domain";
import type { EventRow } from "./eventRow.ts";
import { LogFailure } from "./logTrouble.ts";
import { lostTransactions } from "./lostTransactions.ts";
import { migrateLog } from "./migrations.ts";
import { makeDirectory, makePrivateFile } from "./privateFile.ts";
import { type LogMeta, createTables, logFileName, noLog, readMeta, recordClose, withdrawClose } from "./schema.ts";
import { isLocked, openDatabase, sqliteFailure } from "./sqlite.ts";

/** The writer's hand on the database: one transaction at a time, synced to disk when `write` returns. */
export interface LogFile {
  readonly path: string;
  /**
   * All rows in one transaction, or none; on disk when it returns.
   *
   * @throws SQLite's error, after which the same rows may be given again; LogFailure
   */
  write(rows: readonly EventRow[]): void;
  /** Never throws. `lastSeq` is recorded where the log is complete. */
  close(lastSeq: number | undefined): void;
}

/** SQLite takes no longer path, in bytes: 512, less what it puts behind the name for a file of its own. */
const longestPath = 504;

/**
 * @throws UserError log-not-usable where there is a log already, or none can be made
 */
export function createLogFile(directory: string, meta: LogMeta): LogFile {
  const path = join(resolve(directory), logFileName);
  refuseLongPath(path);
  if (existsSync(path)) {
    throw new UserError("log-not-usable", `${path} exists already: a run's log is begun once`);
  }
  let database: DatabaseSync | undefined;
  let isMade = false;
  try {
    makeDirectory(dirname(path));
    makePrivateFile(path);
    isMade = true;
    database = openForWriting(path);
    createTables(database, meta);
    return new SqliteLogFile(path, database);
  } catch (error) {
    database?.close();
    // It holds no event: what is left of the attempt would only be in the way of the next.
    for (const ending of isMade ? ["", "-wal", "-shm"] : []) rmSync(path + ending, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError("log-not-usable", `the run's log ${path} cannot be made: ${why}`, {
      hint: "check that the folder can be written and the disk has room",
      cause: error,
    });
  }
}

/** Before anything is made: SQLite itself would only say that it cannot open the file. */
function refuseLongPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= longestPath) return;
  throw new UserError(
    "log-not-usable",
    `the path of the run's log would have ${bytes} bytes, and SQLite takes ${longestPath}`,
    {
      hint: "choose a shorter folder for runs with `--runs-dir FOLDER`",
    },
  );
}

/** The log of a run that goes on, and where it stands. */
export interface ContinuedLogFile {
  readonly file: LogFile;
  /** The highest number on disk: the next event's is one more. */
  readonly lastSeq: number;
  /** Transactions that were in its write-ahead log after a broken place: whatever they held comes after `lastSeq`. */
  readonly lostTransactions: number;
}

/**
 * Opens a log to write on, whether its writer closed it or was killed. The close that was recorded is withdrawn by the
 * transaction that holds the first new event, so that what it tells of a lost tail is never gone before somebody has
 * written that down.
 *
 * @throws UserError log-not-usable where there is none, it is no log, a newer program wrote it, its end cannot be read,
 * or it cannot be written
 */
export function continueLogFile(directory: string, programVersion: string): ContinuedLogFile {
  const path = join(resolve(directory), logFileName);
  if (!existsSync(path)) throw noLog(path);
  let database: DatabaseSync | undefined;
  try {
    makePrivate(path);
    const lost = lostTransactions(`${path}-wal`);
    database = openDatabase(path, { readOnly: false });
    const { closedAt } = readMeta(database, path);
    makeDurablePatiently(database);
    migrateLog(database, programVersion);
    const lastSeq = highestSeq(database);
    const found = { committed: lastSeq, isClosed: closedAt !== undefined };
    return { file: new SqliteLogFile(path, database, found), lastSeq, lostTransactions: lost };
  } catch (error) {
    database?.close();
    if (error instanceof UserError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError("log-not-usable", `the run's log ${path} cannot be gone on with: ${why}`, {
      hint: "check that the folder can be written and the disk has room; what is readable of it can still be shown",
      cause: error,
    });
  }
}

/** A log that was copied here may have come with other modes; SQLite gives what it makes anew the mode of the file. */
function makePrivate(path: string): void {
  for (const ending of ["", "-wal", "-shm"]) if (existsSync(path + ending)) chmodSync(path + ending, 0o600);
}

/**
 * WAL: readers in other processes never wait for the writer, nor it for them. FULL: a transaction is synced to disk
 * before it counts as committed. See docs/decisions/0004-event-log.md.
 */
function openForWriting(path: string): DatabaseSync {
  const database = openDatabase(path, { readOnly: false });
  makeDurable(database);
  return database;
}

/** A closed log becomes one with a WAL only while nobody reads a page of it: readers of ours are done in milliseconds. */
function makeDurablePatiently(database: DatabaseSync): void {
  for (let triesLeft = 20; ; triesLeft--) {
    try {
      makeDurable(database);
      return;
    } catch (error) {
      if (triesLeft === 0 || !isLocked(error)) throw error;
    }
  }
}

function makeDurable(database: DatabaseSync): void {
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA journal_size_limit = 67108864");
}

class SqliteLogFile implements LogFile {
  readonly path: string;
  #database: DatabaseSync;
  #insert: StatementSync;
  #inode: number;
  #committed: number;
  /** Whether the file says that it was closed in order. */
  #isClosed: boolean;
  #isSuspect = false;

  constructor(path: string, database: DatabaseSync, found = { committed: 0, isClosed: false }) {
    this.path = path;
    this.#database = database;
    this.#committed = found.committed;
    this.#isClosed = found.isClosed;
    this.#insert = prepareInsert(database);
    this.#inode = statSync(path).ino;
  }

  write(rows: readonly EventRow[]): void {
    this.#checkFileIsOurs();
    const already = this.#isSuspect ? this.#reopen(rows) : 0;
    const rest = rows.slice(already);
    if (rest.length > 0) this.#writeTransaction(rest);
    this.#committed += rows.length;
  }

  close(lastSeq: number | undefined): void {
    try {
      if (lastSeq !== undefined) {
        // Nothing was added: what the last writer said of the end still holds, also of a tail that is lost.
        if (!this.#isClosed) recordClose(this.#database, lastSeq);
        // A finished log is one plain file, readable from a read-only folder. Refused while somebody reads: then it stays WAL.
        this.#database.exec("PRAGMA journal_mode = DELETE");
      }
    } catch (error) {
      if (sqliteFailure(error) === "other") throw error;
    } finally {
      // Closed already where opening it anew has failed.
      if (this.#database.isOpen) this.#database.close();
    }
  }

  #writeTransaction(rows: readonly EventRow[]): void {
    const database = this.#database;
    try {
      database.exec("BEGIN IMMEDIATE");
      if (this.#isClosed) withdrawClose(database);
      for (const row of rows) this.#insert.run(row.seq, row.at, row.type, row.instance, row.body, row.crc);
      database.exec("COMMIT");
      this.#isClosed = false;
    } catch (error) {
      const failure = sqliteFailure(error);
      this.#isSuspect = failure === "ioError" || failure === "readOnly" || failure === "cannotOpen";
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }

  /**
   * After a failed write or sync nothing this connection believes is trusted: what is on disk is read anew. Every
   * acknowledged event must be there. The failed transaction may be there whole, which the answer says by its length:
   * but its sync failed, and asking the kernel to sync the same pages again proves nothing, so it is written afresh.
   */
  #reopen(rows: readonly EventRow[]): number {
    if (this.#database.isOpen) this.#database.close();
    this.#database = openForWriting(this.path);
    this.#insert = prepareInsert(this.#database);
    const last = highestSeq(this.#database);
    if (last < this.#committed) {
      throw new LogFailure(
        "lost",
        `events ${last + 1} to ${this.#committed} were acknowledged by the disk and are gone`,
      );
    }
    const found = this.#database.prepare("SELECT crc FROM event WHERE seq > ? ORDER BY seq").all(this.#committed);
    if (found.some((row, index) => row["crc"] !== rows[index]?.crc)) throw writtenByAnother();
    if (found.length > 0) {
      copyIntoMainFile(this.#database);
      this.#isClosed = false;
    }
    this.#isSuspect = false;
    return found.length;
  }

  #checkFileIsOurs(): void {
    const inode = this.#findInode();
    if (inode === undefined) throw new LogFailure("lost", "its file was removed");
    if (inode !== this.#inode) throw new LogFailure("lost", "its file was replaced by another");
  }

  /** A folder we may not enter, or a disk that fails, is trouble that may pass. */
  #findInode(): number | undefined {
    try {
      return statSync(this.path, { throwIfNoEntry: false })?.ino;
    } catch (error) {
      throw new LogFailure("io", error instanceof Error ? error.message : String(error));
    }
  }
}

function highestSeq(database: DatabaseSync): number {
  return Number(database.prepare("SELECT coalesce(max(seq), 0) AS last FROM event").get()?.["last"]);
}

function prepareInsert(database: DatabaseSync): StatementSync {
  return database.prepare("INSERT INTO event (seq, at, type, instance, body, crc) VALUES (?, ?, ?, ?, ?, ?)");
}

/** Checkpoints: each page of the WAL is written into the database file and that is synced. */
function copyIntoMainFile(database: DatabaseSync): void {
  const state = database.prepare("PRAGMA wal_checkpoint(FULL)").get();
  if (state?.["busy"] === 0 && state["checkpointed"] === state["log"]) return;
  throw new LogFailure("io", "what an interrupted transaction wrote cannot be copied yet");
}

function writtenByAnother(): LogFailure {
  return new LogFailure("lost", "somebody else wrote into it");
}
