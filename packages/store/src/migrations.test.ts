import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { createRunLog, openRunLog } from "./index.ts";
import { migrateLog } from "./migrations.ts";
import { runProgram } from "./testing/childProcess.ts";
import { progressed, runIdAt } from "./testing/events.ts";
import { temporaryDirectory } from "./testing/temporaryDirectory.ts";
import { testMigrations } from "./testing/testMigrations.ts";

const options = { clock: { wall: () => 1000 }, programVersion: "0.1.0" };

/** A log of version 1. */
async function writeLog(directory: string, count = 20): Promise<void> {
  const log = createRunLog(directory, runIdAt(0), options);
  for (let seq = 1; seq <= count; seq++) log.append(progressed(`${seq}`));
  await log.close();
}

interface Found {
  readonly version: unknown;
  readonly program: unknown;
  readonly tables: readonly unknown[];
  readonly events: unknown;
}

function look(directory: string): Found {
  const raw = new DatabaseSync(join(directory, "events.db"));
  const value = (key: string): unknown => raw.prepare("SELECT value FROM meta WHERE key = ?").get(key)?.["value"];
  const found = {
    version: value("schema_version"),
    program: value("program_version"),
    tables: raw.prepare("SELECT name, sql FROM sqlite_master ORDER BY name").all(),
    events: raw.prepare("SELECT count(*) AS count FROM event").get()?.["count"],
  };
  raw.close();
  return found;
}

test("R21: a log of an older version is brought to the newest, and is the same log", async () => {
  using folder = temporaryDirectory();
  await writeLog(folder.path);
  const database = new DatabaseSync(join(folder.path, "events.db"));
  migrateLog(database, "9.0.0", testMigrations.slice(0, 1));
  migrateLog(database, "9.1.0", testMigrations);
  migrateLog(database, "9.2.0", testMigrations);
  expect(database.prepare("SELECT count(*) AS count FROM event WHERE attempt = 1").get()).toEqual({ count: 20 });
  expect(() => database.exec("UPDATE event SET body = '{}'")).toThrow("append-only");
  database.close();
  expect(look(folder.path)).toMatchObject({ version: "4", program: "9.1.0", events: 20 });
});

test("R21: an older program refuses the migrated log with the version it needs", async () => {
  using folder = temporaryDirectory();
  await writeLog(folder.path);
  expect(await runProgram("migrateProcess.ts", [folder.path, "0"]).output).toBe("3\n");
  const refusal = expect.objectContaining({
    code: "log-not-usable",
    message: expect.stringContaining("was written by a newer program (9.0.0)"),
    hint: "read it with claude-orchestrator 9.0.0 or newer",
  });
  expect(() => openRunLog(folder.path)).toThrow(refusal);
});

describe("R21: a migration that does not come to its end", () => {
  test.each(["1", "2", "3"])(
    "is as if it had not begun, when it is killed at step %s, and is done by the next",
    async (step) => {
      using folder = temporaryDirectory();
      await writeLog(folder.path);
      const before = look(folder.path);
      expect(await runProgram("migrateProcess.ts", [folder.path, step]).output).toBe("");
      expect(look(folder.path)).toEqual(before);
      const reader = openRunLog(folder.path);
      expect({ count: [...reader.events()].length, damage: reader.damage() }).toEqual({ count: 20, damage: [] });
      reader.close();
      expect(await runProgram("migrateProcess.ts", [folder.path, "0"]).output).toBe("3\n");
    },
  );

  test("is as if it had not begun, when a step fails", async () => {
    using folder = temporaryDirectory();
    await writeLog(folder.path);
    const before = look(folder.path);
    const database = new DatabaseSync(join(folder.path, "events.db"));
    const failing = [...testMigrations, () => database.exec("SELECT nonsense")];
    expect(() => migrateLog(database, "9.0.0", failing)).toThrow("nonsense");
    database.close();
    expect(look(folder.path)).toEqual(before);
  });
});

test("R21: of processes that migrate one log at the same moment, one does it", async () => {
  using folder = temporaryDirectory();
  await writeLog(folder.path, 2000);
  const migrating = Array.from({ length: 4 }, () => runProgram("migrateProcess.ts", [folder.path, "0"]).output);
  expect((await Promise.all(migrating)).toSorted()).toEqual(["0\n", "0\n", "0\n", "3\n"]);
  expect(look(folder.path)).toMatchObject({ version: "4", events: 2000 });
}, 60_000);
