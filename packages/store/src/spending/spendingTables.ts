import type { DatabaseSync } from "node:sqlite";
import { UserError } from "@claude-orchestrator/domain";

/** Grows by one with each change of the tables below. */
const schemaVersion = 1;

/**
 * What was spent by the ten seconds, whoever spent it; how much of it each attempt is known to have spent; what is set aside, with
 * the folder of the run that did. Small: it is pruned, and nothing in it is a record of anything: that is each run's own log.
 */
const tables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE spent (at INTEGER PRIMARY KEY, tokens REAL NOT NULL, cost_usd REAL NOT NULL) STRICT;
  CREATE TABLE attempt (
    run TEXT NOT NULL, attempt TEXT NOT NULL, tokens REAL NOT NULL, cost_usd REAL NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (run, attempt)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE reserved (
    run TEXT NOT NULL, attempt TEXT NOT NULL, request INTEGER NOT NULL, tokens REAL NOT NULL, cost_usd REAL NOT NULL,
    directory TEXT NOT NULL,
    PRIMARY KEY (run, attempt, request)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Makes the tables where there are none; two programs may do so at once. In a transaction of the caller's.
 *
 * @param path for the sentence only
 * @throws UserError log-not-usable where a newer program made them; SQLite's own error
 */
export function prepareSpendingTables(database: DatabaseSync, path: string): void {
  const known = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'").get();
  if (known === undefined) {
    database.exec(tables);
    database.prepare("INSERT INTO meta (key, value) VALUES ('schema_version', ?)").run(String(schemaVersion));
    return;
  }
  const found = database.prepare("SELECT value FROM meta WHERE key = 'schema_version'").get();
  if (Number(found?.["value"]) <= schemaVersion) return;
  throw new UserError("log-not-usable", `${path} was written by a newer claude-orchestrator`, {
    hint: "use that one, or move the file away: what was spent so far today is then not known",
  });
}
