import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { UserError } from "@claude-orchestrator/domain";
import { makePrivateFile } from "./privateFile.ts";
import { isLocked, openDatabase } from "./sqlite.ts";

/**
 * Who may supervise a run: one process at a time, and none after its end, however it ended.
 *
 * 1. The lock is the kernel's, on an empty SQLite file held in an exclusive transaction: it is gone with its process, is not
 *    inherited by a child, and a process that is stopped still holds it. What is written in a file says nothing.
 * 2. The file is never removed: two processes would otherwise hold two files of one name.
 * 3. Only SQLite opens and closes the file. A POSIX lock is lost when its process closes any descriptor of the file, and
 *    SQLite is who knows to put that off.
 * 4. Looking takes a shared lock for a moment, so two who look do not see each other; who wants the lock waits them out.
 */
export interface RunLock {
  /** Lets another process have the run. Idempotent. */
  release(): void;
}

const lockFileName = "lock.db";

/** How often a lock is tried for that nobody holds but others ask about; each try waits 100 ms (`openDatabase`). */
const tries = 30;

/**
 * Undefined where another process (or this one) supervises the run in that directory.
 *
 * @throws UserError log-not-usable where nobody could: no such folder, not ours, no room
 */
export function acquireRunLock(directory: string): RunLock | undefined {
  const path = join(resolve(directory), lockFileName);
  let database: DatabaseSync | undefined;
  try {
    makeLockFile(path);
    database = openDatabase(path, { readOnly: false });
    if (take(database)) return hold(database);
    database.close();
    return undefined;
  } catch (error) {
    database?.close();
    throw notLockable(path, error);
  }
}

/**
 * Whether a process supervises the run in that directory: a run that has not settled and is not locked was cut off.
 *
 * @throws UserError log-not-usable where that cannot be found out: the lock is somebody else's or is no lock
 */
export function isRunLocked(directory: string): boolean {
  const path = join(resolve(directory), lockFileName);
  if (!existsSync(path)) return false;
  let database: DatabaseSync | undefined;
  try {
    database = openDatabase(path, { readOnly: true });
    // Its holder keeps it for the length of a run: there is nothing to wait for.
    database.exec("PRAGMA busy_timeout = 0");
    return isHeld(database);
  } catch (error) {
    throw notLockable(path, error);
  } finally {
    database?.close();
  }
}

function makeLockFile(path: string): void {
  try {
    makePrivateFile(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** Refused for a moment by others who look or who also want it, it is tried again; by its holder, not. */
function take(database: DatabaseSync): boolean {
  for (let tried = 0; tried < tries; tried++) {
    try {
      // Nothing is ever written: a journal would be one more file, left behind by who is killed.
      database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
      return true;
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (isHeld(database)) return false;
    }
  }
  return false;
}

/** Whether another holds it, or has all but got it. */
function isHeld(database: DatabaseSync): boolean {
  try {
    database.prepare("SELECT count(*) FROM sqlite_master").get();
    return false;
  } catch (error) {
    if (isLocked(error)) return true;
    throw error;
  }
}

function hold(database: DatabaseSync): RunLock {
  const release = (): void => {
    process.off("exit", release);
    if (database.isOpen) database.close();
  };
  // Keeps the connection from being collected, and so closed, where nobody keeps the lock's value.
  process.on("exit", release);
  return { release };
}

function notLockable(path: string, error: unknown): UserError {
  const why = error instanceof Error ? error.message : String(error);
  return new UserError("log-not-usable", `nobody can say who supervises the run: ${path} cannot be locked: ${why}`, {
    hint: "check that the folder is yours, can be written and has room",
    cause: error,
  });
}
