import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { UserError } from "@claude-orchestrator/domain";
import { type LogMeta, logFileName, noLog, readMeta, withoutLogHint } from "./schema.ts";
import { openDatabase, sqliteFailure } from "./sqlite.ts";

export interface OpenLog {
  readonly database: DatabaseSync;
  readonly meta: LogMeta;
}

/**
 * Opens the log in a run's directory, for reading only.
 *
 * @throws UserError log-not-usable where there is none, it is no log, or a newer program wrote it
 */
export function openLog(directory: string): OpenLog {
  const path = join(resolve(directory), logFileName);
  if (!existsSync(path)) throw noLog(path);
  let database: DatabaseSync | undefined;
  try {
    database = openForReading(path);
    return { database, meta: readMeta(database, path) };
  } catch (error) {
    database?.close();
    if (error instanceof UserError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError("log-not-usable", `${path} cannot be read as the log of a run: ${why}`, {
      hint: withoutLogHint,
      cause: error,
    });
  }
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
