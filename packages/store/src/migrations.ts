import type { DatabaseSync } from "node:sqlite";
import { patiently } from "./sqlite.ts";

/** Turns the tables of one version into those of the next. Called in a transaction: all of it, or nothing, is on disk. */
export type Migration = (database: DatabaseSync) => void;

/** In order: the first leads from version 1 to 2. Only ever added to, since logs of every version are out there. */
export const migrations: readonly Migration[] = [];

/** The version of the tables after these migrations. */
export function versionAfter(steps: readonly Migration[]): number {
  return 1 + steps.length;
}

/** How often a migration waits for another process that holds the log; each try waits 100 ms (`openDatabase`). */
const tries = 50;

/**
 * Brings the tables of a log to the newest version, where they are older.
 *
 * 1. Only a log that is opened to be written on is migrated: looking at a run never changes it.
 * 2. One transaction holds all steps, so a process killed half way leaves the version before, whole.
 * 3. The version is read inside that transaction: of two processes the second finds nothing left to do.
 *
 * @param programVersion of this program, which from then on is the oldest that can read the log
 * @throws SQLite's error where the log cannot be written; then it is as it was
 */
export function migrateLog(database: DatabaseSync, programVersion: string, steps = migrations): void {
  if (patiently(tries, () => readVersion(database)) >= versionAfter(steps)) return;
  patiently(tries, () => database.exec("BEGIN IMMEDIATE"));
  try {
    const version = readVersion(database);
    for (const step of steps.slice(version - 1)) step(database);
    if (version < versionAfter(steps)) {
      const update = database.prepare("UPDATE meta SET value = ? WHERE key = ?");
      update.run(String(versionAfter(steps)), "schema_version");
      update.run(programVersion, "program_version");
    }
    patiently(tries, () => database.exec("COMMIT"));
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function readVersion(database: DatabaseSync): number {
  return Number(database.prepare("SELECT value FROM meta WHERE key = 'schema_version'").get()?.["value"]);
}
