import type { DatabaseSync } from "node:sqlite";
import { UserError } from "@claude-orchestrator/domain";

/** Grows by one with each change of the tables below. */
const schemaVersion = 1;

/**
 * Append-only and numbered without a gap, as the log of a run is. That a slot is claimed once, has one end, and that its run
 * begins and ends once is the database's own rule: whoever writes, of whatever version, cannot break it.
 */
const tables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    schedule TEXT NOT NULL,
    slot INTEGER,
    body TEXT NOT NULL,
    crc INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX slot_claimed_once ON event (schedule, slot) WHERE type = 'schedule-due';
  CREATE UNIQUE INDEX slot_settled_once ON event (schedule, slot)
    WHERE type IN ('schedule-fired', 'schedule-skipped', 'schedule-failed');
  CREATE UNIQUE INDEX slot_ended_once ON event (schedule, slot) WHERE type = 'schedule-ended';
  CREATE TRIGGER event_in_order BEFORE INSERT ON event
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
    BEGIN SELECT RAISE(ABORT, 'events are numbered without a gap'); END;
  CREATE TRIGGER event_not_updated BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
  CREATE TRIGGER event_not_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
`;

/**
 * Makes the tables where there are none; two programs may do so at once.
 *
 * @param path for the sentences only
 * @throws UserError log-not-usable where a newer program made them; SQLite's own error
 */
export function prepareScheduleTables(database: DatabaseSync, path: string, programVersion: string): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    const known = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'").get();
    if (known === undefined) {
      database.exec(tables);
      const insert = database.prepare("INSERT INTO meta (key, value) VALUES (?, ?)");
      insert.run("schema_version", String(schemaVersion));
      insert.run("program_version", programVersion);
    } else refuseNewer(database, path);
    database.exec("COMMIT");
  } finally {
    if (database.isTransaction) database.exec("ROLLBACK");
  }
}

function refuseNewer(database: DatabaseSync, path: string): void {
  const read = database.prepare("SELECT value FROM meta WHERE key = ?");
  if (Number(read.get("schema_version")?.["value"]) <= schemaVersion) return;
  const version = String(read.get("program_version")?.["value"] ?? "unknown");
  throw new UserError("log-not-usable", `${path} was written by a newer program (${version})`, {
    hint: `use claude-orchestrator ${version} or newer`,
  });
}
