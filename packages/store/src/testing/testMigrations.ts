import type { Migration } from "../migrations.ts";

/** Stand for migrations to come: a column, a table filled from the events, and rows rewritten. */
export const testMigrations: readonly Migration[] = [
  (database) => database.exec("ALTER TABLE event ADD COLUMN attempt INTEGER"),
  (database) => database.exec("CREATE TABLE kind AS SELECT type, count(*) AS count FROM event GROUP BY type"),
  (database) =>
    database.exec(`
      DROP TRIGGER event_not_updated;
      UPDATE event SET attempt = 1 WHERE instance IS NOT NULL;
      CREATE TRIGGER event_not_updated BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
    `),
];
