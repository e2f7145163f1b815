import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { UserError } from "@claude-orchestrator/domain";
import { type LogMeta, logFileName, noLog, readMeta, withoutLogHint } from "./schema.ts";
import { openDatabase, patiently, sqliteFailure } from "./sqlite.ts";

export interface OpenLog {
  readonly database: DatabaseSync;
  readonly meta: LogMeta;
}

/**
 * How often a log that another process holds is asked for again; each try waits 100 ms (`openDatabase`). A writer that closes it holds
 * it for a moment, which is long on a machine that is busy.
 */
export const tries = 50;

/**
 * Opens the log in a run's directory, for reading only.
 *
 * @param patience how often it is asked for again where another program holds it
 * @throws UserError log-not-usable where there is none, it is no log, or a newer program wrote it
 */
export function openLog(directory: string, patience = tries): OpenLog {
  const path = join(resolve(directory), logFileName);
  if (!existsSync(path)) throw noLog(path);
  try {
    // Its writer may just be closing it, which takes the file for itself for a moment.
    return patiently(patience, () => tryToOpen(path));
  } catch (error) {
    throw refusalOf(error, path);
  }
}

function tryToOpen(path: string): OpenLog {
  const database = openForReading(path);
  try {
    return { database, meta: readMeta(database, path) };
  } catch (error) {
    database.close();
    throw error;
  }
}

function refusalOf(error: unknown, path: string): UserError {
  if (error instanceof UserError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new UserError("log-not-usable", `${path} cannot be read as the log of a run: ${why}`, {
    hint: withoutLogHint,
    cause: error,
  });
}

/**
 * A log whose writer was killed is still in WAL mode, and to read that SQLite must be able to write beside it. Where the
 * folder is read-only and nothing waits in the WAL, the file alone is the whole log and is read as it is.
 */
function openForReading(path: string): DatabaseSync {
  const database = openDatabase(path, { readOnly: true });
  try {
    database.prepare("SELECT count(*) FROM sqlite_master").get();
    return database;
  } catch (error) {
    database.close();
    const failure = sqliteFailure(error);
    const waiting = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if ((failure !== "cannotOpen" && failure !== "readOnly") || waiting > 0) throw error;
    const address = pathToFileURL(path);
    address.searchParams.set("immutable", "1");
    return openDatabase(address, { readOnly: true });
  }
}
