import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { continueRunLog, createRunLog, openRunLog } from "./index.ts";
import { runProgram } from "./testing/childProcess.ts";
import { anyEvent, numbered, progressed, runIdAt } from "./testing/events.ts";
import { temporaryDirectory } from "./testing/temporaryDirectory.ts";

const options = { clock: { wall: () => 1000 }, programVersion: "0.1.0" };

async function writeLog(directory: string, count: number): Promise<string> {
  const log = createRunLog(directory, runIdAt(0), options);
  for (let seq = 1; seq <= count; seq++) log.append(progressed(`${seq}`));
  await log.close();
  return join(directory, "events.db");
}

function readNumbers(directory: string): readonly number[] {
  const reader = openRunLog(directory);
  const numbers = [...reader.events()].map(({ seq }) => seq);
  expect(reader.damage()).toEqual([]);
  reader.close();
  return numbers;
}

function closedAt(directory: string): number | undefined {
  const reader = openRunLog(directory);
  reader.close();
  return reader.meta.closedAt;
}

/** Changes the database as a stranger might, past our own guards. */
function tamper(path: string, sql: string): void {
  const raw = new DatabaseSync(path);
  raw.exec("DROP TRIGGER event_not_updated; DROP TRIGGER event_not_deleted");
  raw.exec(sql);
  raw.close();
}

test("any events, written by any number of writers one after another, read back as one log", async () => {
  const parts = fc.array(fc.array(anyEvent, { maxLength: 12 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(parts, async (writers) => {
      using folder = temporaryDirectory();
      await createRunLog(folder.path, runIdAt(0), options).close();
      const expected = numbered(writers.flat(), 1000);
      let already = 0;
      for (const events of writers) {
        const { log, events: earlier, damage } = continueRunLog(folder.path, options);
        expect(damage).toEqual([]);
        expect(earlier).toEqual(expected.slice(0, already));
        for (const event of events) expect(log.append(event).seq).toBe((already += 1));
        await log.close();
      }
      const reader = openRunLog(folder.path);
      expect([...reader.events()]).toEqual(expected);
      expect(reader.meta.closedAt).toBe(expected.length);
      reader.close();
    }),
    { numRuns: 20 },
  );
}, 60_000);

test("a log that was closed is open again from its first new event on, and closed again at its new end", async () => {
  using folder = temporaryDirectory();
  await writeLog(folder.path, 3);
  const { log } = continueRunLog(folder.path, options);
  expect(closedAt(folder.path)).toBe(3);
  log.append({ type: "run-started" });
  await log.flush();
  expect(closedAt(folder.path)).toBeUndefined();
  await log.close();
  expect(closedAt(folder.path)).toBe(4);
  expect(readNumbers(folder.path)).toEqual([1, 2, 3, 4]);
});

test("a log whose writer was killed goes on after everything it acknowledged", async () => {
  using folder = temporaryDirectory();
  const writer = runProgram("writerProcess.ts", [folder.path]);
  await writer.lines(20);
  writer.process.kill("SIGKILL");
  const acknowledged = Number((await writer.output).trimEnd().split("\n").at(-1));
  expect(readdirSync(folder.path)).toContain("events.db-wal");
  const { log, events, damage } = continueRunLog(folder.path, options);
  const before = events.length;
  expect(damage).toEqual([]);
  expect(before).toBeGreaterThanOrEqual(acknowledged);
  expect(log.append({ type: "run-started" }).seq).toBe(before + 1);
  await log.close();
  expect(readNumbers(folder.path)).toHaveLength(before + 1);
}, 60_000);

describe("damage is named, and writing goes on after it", () => {
  test("when an event in the middle is broken", async () => {
    using folder = temporaryDirectory();
    tamper(await writeLog(folder.path, 5), "UPDATE event SET body = '{}' WHERE seq = 3");
    const { log, events, damage } = continueRunLog(folder.path, options);
    expect(damage).toEqual([{ seq: 3, what: "event 3 is damaged: its checksum does not fit its content" }]);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 4, 5]);
    expect(log.append({ type: "run-started" }).seq).toBe(6);
    await log.close();
  });

  test("when its tail is lost, whose numbers are given anew", async () => {
    using folder = temporaryDirectory();
    tamper(await writeLog(folder.path, 9), "DELETE FROM event WHERE seq > 6");
    const { log, damage } = continueRunLog(folder.path, options);
    expect(damage).toEqual([{ seq: 7, what: "events 7 to 9 are missing" }]);
    expect(log.append({ type: "run-started" }).seq).toBe(7);
    await log.close();
    expect(readNumbers(folder.path)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("and is named again by the next who opens it, as long as nothing was written", async () => {
    using folder = temporaryDirectory();
    tamper(await writeLog(folder.path, 9), "DELETE FROM event WHERE seq > 6");
    await continueRunLog(folder.path, options).log.close();
    const again = continueRunLog(folder.path, options);
    expect(again.damage).toEqual([{ seq: 7, what: "events 7 to 9 are missing" }]);
    await again.log.close();
  });
});

test.skipIf(process.platform === "win32")("a log that came with open modes is for its owner alone again", async () => {
  using folder = temporaryDirectory();
  chmodSync(await writeLog(folder.path, 1), 0o644);
  const { log } = continueRunLog(folder.path, options);
  log.append({ type: "run-started" });
  await log.flush();
  const modes = readdirSync(folder.path).map((name) => [name, statSync(join(folder.path, name)).mode & 0o777]);
  expect(Object.fromEntries(modes)).toEqual({ "events.db": 0o600, "events.db-wal": 0o600, "events.db-shm": 0o600 });
  await log.close();
});

describe("what cannot be gone on with is refused with a sentence", () => {
  test("when there is no log", () => {
    using folder = temporaryDirectory();
    expect(() => continueRunLog(folder.path, options)).toThrow("There is no log of a run at");
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test("when a newer program wrote it, and it is left as it is", async () => {
    using folder = temporaryDirectory();
    const path = await writeLog(folder.path, 1);
    tamper(path, "UPDATE meta SET value = '99' WHERE key = 'schema_version'");
    expect(() => continueRunLog(folder.path, options)).toThrow("was written by a newer program");
    const raw = new DatabaseSync(path);
    expect(raw.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "delete" });
    raw.close();
  });
});

test("two writers of one log: the second loses at its first event and says so", async () => {
  using folder = temporaryDirectory();
  await writeLog(folder.path, 2);
  const first = continueRunLog(folder.path, options).log;
  const second = continueRunLog(folder.path, options).log;
  first.append({ type: "run-started" });
  await first.flush();
  second.append({ type: "run-started" });
  await expect(second.flush()).rejects.toThrow("the run's log is lost");
  await expect(second.close()).rejects.toThrow("1 event was not written");
  await first.close();
  expect(readNumbers(folder.path)).toEqual([1, 2, 3]);
});
