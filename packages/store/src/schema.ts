import type { DatabaseSync } from "node:sqlite";
import { type RunId, UserError, parseRunId } from "@claude-orchestrator/domain";
import { migrations, versionAfter } from "./migrations.ts";

/** Name of the log in a run's directory. */
export const logFileName = "events.db";

/** Of the tables below: it grows with each migration that leads to them. A reader of version N reads all up to N. */
const schemaVersion = versionAfter(migrations);

export interface LogMeta {
  readonly run: RunId;
  readonly programVersion: string;
  /** The last number written, told by a writer that closed in order: without it a lost tail could not be seen. */
  readonly closedAt?: number;
}

/**
 * The order and the append-only rule are kept by the database too, so that no bug and no second writer of ours can
 * break them. The partial index holds only the few rows a listing of runs asks for.
 */
const tables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    instance TEXT,
    body TEXT NOT NULL,
    crc INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX event_settled ON event (type) WHERE type IN ('instance-settled', 'run-settled');
  CREATE TRIGGER event_in_order BEFORE INSERT ON event
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
    BEGIN SELECT RAISE(ABORT, 'events are numbered without a gap'); END;
  CREATE TRIGGER event_not_updated BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
  CREATE TRIGGER event_not_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
`;

/** Makes the tables in an empty database, all or nothing. */
export function createTables(database: DatabaseSync, meta: LogMeta): void {
  database.exec("BEGIN IMMEDIATE");
  database.exec(tables);
  const insert = database.prepare("INSERT INTO meta (key, value) VALUES (?, ?)");
  insert.run("schema_version", String(schemaVersion));
  insert.run("run", meta.run);
  insert.run("program_version", meta.programVersion);
  database.exec("COMMIT");
}

export function recordClose(database: DatabaseSync, lastSeq: number): void {
  database.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('closed_at', ?)").run(String(lastSeq));
}

/** While the log is written on, nobody knows its end; the next close records it anew. */
export function withdrawClose(database: DatabaseSync): void {
  database.exec("DELETE FROM meta WHERE key = 'closed_at'");
}

/**
 * @param path for the sentences only
 * @throws UserError log-not-usable where it is not a log of ours, or was written by a newer program
 */
export function readMeta(database: DatabaseSync, path: string): LogMeta {
  const known = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'").get();
  if (known === undefined) throw notALog(path);
  const rows = database.prepare("SELECT key, value FROM meta").all();
  const values = new Map(rows.map((row) => [String(row["key"]), String(row["value"])]));
  const version = Number(values.get("schema_version"));
  const run = parseRunId(values.get("run") ?? "");
  if (version > schemaVersion) throw newerLog(path, values.get("program_version") ?? "unknown");
  if (!(version >= 1) || run === undefined) throw notALog(path);
  const closedAt = values.get("closed_at");
  return {
    run,
    programVersion: values.get("program_version") ?? "unknown",
    ...(closedAt === undefined ? {} : { closedAt: Number(closedAt) }),
  };
}

/** What is left where a log tells nothing. */
export const withoutLogHint =
  "what the attempts of the run printed may still be in the folder `attempts` beside it; `runs list` shows the other runs";

export function noLog(path: string): UserError {
  return new UserError("log-not-usable", `There is no log of a run at ${path}`, { hint: withoutLogHint });
}

function notALog(path: string): UserError {
  return new UserError("log-not-usable", `${path} is not the log of a run`, { hint: withoutLogHint });
}

function newerLog(path: string, programVersion: string): UserError {
  return new UserError("log-not-usable", `${path} was written by a newer program (${programVersion})`, {
    hint: `read it with claude-orchestrator ${programVersion} or newer`,
  });
}
