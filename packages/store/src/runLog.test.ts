import { existsSync, renameSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { LoggedEvent, RunEvent } from "@claude-orchestrator/domain";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LogTrouble, type RunLog, createRunLog, openRunLog } from "./index.ts";
import { anyEvent, numbered, progressed, runIdAt } from "./testing/events.ts";
import { temporaryDirectory } from "./testing/temporaryDirectory.ts";

const run = runIdAt(0);
const options = { clock: { wall: () => 1000 }, programVersion: "0.1.0" };

function readAll(directory: string): readonly LoggedEvent[] {
  const reader = openRunLog(directory);
  const events = [...reader.events()];
  expect(reader.damage()).toEqual([]);
  reader.close();
  return events;
}

/** Settles with the next word of trouble, or of its end. */
function nextTrouble(log: RunLog): Promise<LogTrouble | undefined> {
  return new Promise((resolve) => {
    const unsubscribe = log.onTrouble((trouble) => {
      unsubscribe();
      resolve(trouble);
    });
  });
}

test("any sequence of appended events reads back equal, numbered from 1 without a gap", async () => {
  const flushed = fc.record({ event: anyEvent, flush: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(flushed, { maxLength: 60 }), fc.integer({ min: 0, max: 5 }), async (steps, batchMs) => {
      using folder = temporaryDirectory();
      const log = createRunLog(folder.path, run, { ...options, batchMs });
      const appended: LoggedEvent[] = [];
      for (const { event, flush } of steps) {
        appended.push(log.append(event));
        if (flush) await log.flush();
      }
      await log.close();
      const expected = numbered(
        steps.map(({ event }) => event),
        1000,
      );
      expect(appended).toEqual(expected);
      expect(readAll(folder.path)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
}, 60_000);

test("subscribers hear of every event once, in order, and only when it is on disk", async () => {
  using folder = temporaryDirectory();
  const log = createRunLog(folder.path, run, { ...options, batchMs: 1 });
  const reader = openRunLog(folder.path);
  const heard: number[] = [];
  const missing: number[] = [];
  log.subscribe((events) => {
    heard.push(...events.map(({ seq }) => seq));
    const onDisk = [...reader.events(events[0]?.seq)].length;
    if (onDisk < events.length) missing.push(events[0]?.seq ?? 0);
  });
  for (let i = 0; i < 2000; i++) {
    log.append(progressed(`${i}`));
    if (i % 300 === 0) await log.flush();
  }
  await log.close();
  reader.close();
  expect(heard).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1));
  expect(missing).toEqual([]);
}, 30_000);

test("a subscriber is never called inside append, and not after it has unsubscribed", async () => {
  using folder = temporaryDirectory();
  const log = createRunLog(folder.path, run, options);
  let calls = 0;
  const unsubscribe = log.subscribe(() => calls++);
  for (let i = 0; i < 600; i++) log.append({ type: "run-started" });
  expect(calls).toBe(0);
  unsubscribe();
  await log.close();
  expect(calls).toBe(0);
});

test("a subscriber may append, and what it appends is written too", async () => {
  using folder = temporaryDirectory();
  const log = createRunLog(folder.path, run, options);
  log.subscribe((events) => {
    if (events.some(({ seq }) => seq === 1))
      log.append({ type: "run-stopping", cause: { kind: "user" }, force: false });
  });
  log.append({ type: "run-started" });
  await log.flush();
  await log.close();
  expect(readAll(folder.path).map(({ type }) => type)).toEqual(["run-started", "run-stopping"]);
});

test("an event changed after it was appended is written as it was", async () => {
  using folder = temporaryDirectory();
  const log = createRunLog(folder.path, run, options);
  const lines = ["before"];
  const event: RunEvent = {
    type: "attempt-planned",
    instance: "a",
    attempt: 1,
    agent: "claude",
    argv: lines,
    envNames: [],
    cwd: "/",
    files: { stdout: "o", stderr: "e" },
    marker: "m",
  };
  log.append(event);
  lines[0] = "after";
  await log.close();
  expect(readAll(folder.path)).toMatchObject([{ argv: ["before"] }]);
});

describe("a closed log", () => {
  test("refuses further events", async () => {
    using folder = temporaryDirectory();
    const log = createRunLog(folder.path, run, options);
    await log.close();
    expect(() => log.append({ type: "run-started" })).toThrow("the run's log is closed");
  });

  test("is one plain file", async () => {
    using folder = temporaryDirectory();
    const log = createRunLog(folder.path, run, options);
    log.append({ type: "run-started" });
    await log.close();
    expect(readAll(folder.path)).toHaveLength(1);
    const raw = new DatabaseSync(join(folder.path, "events.db"));
    expect(raw.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "delete" });
    raw.close();
  });

  test("closes once, however often it is asked to", async () => {
    using folder = temporaryDirectory();
    const log = createRunLog(folder.path, run, options);
    log.append({ type: "run-started" });
    await Promise.all([log.close(), log.close(), log.flush()]);
    await log.close();
    expect(readAll(folder.path)).toHaveLength(1);
  });
});

test("a run's log is begun once", async () => {
  using folder = temporaryDirectory();
  const log = createRunLog(folder.path, run, options);
  expect(() => createRunLog(folder.path, run, options)).toThrow("exists already");
  await log.close();
});

test("R22: a log may lie as deep as SQLite can follow; deeper, nothing is made and the sentence says why", async () => {
  using folder = temporaryDirectory();
  const depth = (bytes: number): string => {
    const missing = bytes - Buffer.byteLength(join(folder.path, "events.db")) - 1;
    const parts = Array.from({ length: Math.floor((missing - 1) / 100) }, () => "d".repeat(99));
    return join(folder.path, ...parts, "e".repeat(missing - parts.length * 100));
  };
  const deepest = createRunLog(depth(504), run, options);
  deepest.append({ type: "run-started" });
  await deepest.close();
  const tooDeep = depth(505);
  expect(() => createRunLog(tooDeep, run, options)).toThrow("would have 505 bytes, and SQLite takes 504");
  expect(existsSync(tooDeep)).toBe(false);
});

test("the database itself refuses a change, a removal and a number out of order", async () => {
  using folder = temporaryDirectory();
  const log = createRunLog(folder.path, run, options);
  log.append({ type: "run-started" });
  await log.close();
  const raw = new DatabaseSync(join(folder.path, "events.db"));
  const insert = "INSERT OR REPLACE INTO event (seq, at, type, body, crc) VALUES";
  expect(() => raw.exec("UPDATE event SET body = '{}'")).toThrow("append-only");
  expect(() => raw.exec("DELETE FROM event")).toThrow("append-only");
  expect(() => raw.exec(`${insert} (1, 0, 'x', '{}', 0)`)).toThrow("without a gap");
  expect(() => raw.exec(`${insert} (3, 0, 'x', '{}', 0)`)).toThrow("without a gap");
  raw.close();
});

describe("while another program holds the log", () => {
  test("events wait and nothing is told, and all is written once it lets go", async () => {
    using folder = temporaryDirectory();
    const log = createRunLog(folder.path, run, { ...options, batchMs: 1 });
    const raw = new DatabaseSync(join(folder.path, "events.db"));
    raw.exec("BEGIN IMMEDIATE");
    const heard: number[] = [];
    log.subscribe((events) => heard.push(...events.map(({ seq }) => seq)));
    const trouble = nextTrouble(log);
    log.append({ type: "run-started" });
    expect(await trouble).toMatchObject({ kind: "locked", waiting: 1 });
    log.append({ type: "run-started" });
    expect(heard).toEqual([]);
    const well = nextTrouble(log);
    raw.exec("ROLLBACK");
    raw.close();
    await log.flush();
    expect(await well).toBeUndefined();
    expect(heard).toEqual([1, 2]);
    await log.close();
    expect(readAll(folder.path)).toHaveLength(2);
  }, 30_000);

  test("closing gives up after its time and says how many events were not written", async () => {
    using folder = temporaryDirectory();
    const log = createRunLog(folder.path, run, { ...options, closeWaitMs: 50 });
    const raw = new DatabaseSync(join(folder.path, "events.db"));
    raw.exec("BEGIN IMMEDIATE");
    log.append({ type: "run-started" });
    const flushed = log.flush();
    const closed = log.close();
    await expect(flushed).rejects.toMatchObject({ code: "log-not-usable" });
    await expect(closed).rejects.toThrow("1 event was not written: another program holds the run's log");
    raw.close();
  }, 30_000);
});

describe.skipIf(process.platform === "win32")("a folder that cannot be entered for a while", () => {
  test("is trouble that passes, and no crash", async () => {
    using folder = temporaryDirectory();
    const [directory, aside] = [join(folder.path, "run"), join(folder.path, "aside")];
    const log = createRunLog(directory, run, options);
    renameSync(directory, aside);
    symlinkSync(directory, directory);
    const troubled = nextTrouble(log);
    log.append({ type: "run-started" });
    const flushed = log.flush();
    expect(await troubled).toMatchObject({ kind: "io", waiting: 1 });
    unlinkSync(directory);
    renameSync(aside, directory);
    await flushed;
    await log.close();
    expect(readAll(directory)).toHaveLength(1);
  }, 30_000);
});

describe("a log that is lost", () => {
  test("says so when its file was removed, and never makes an empty one in its place", async () => {
    using folder = temporaryDirectory();
    const log = createRunLog(folder.path, run, options);
    log.append({ type: "run-started" });
    await log.flush();
    rmSync(join(folder.path, "events.db"));
    log.append({ type: "run-started" });
    await expect(log.flush()).rejects.toThrow("the run's log is lost: its file was removed");
    await expect(log.close()).rejects.toMatchObject({ code: "log-not-usable" });
    expect(() => openRunLog(folder.path)).toThrow("There is no log of a run");
  });

  test("says so when somebody else wrote into it", async () => {
    using folder = temporaryDirectory();
    const log = createRunLog(folder.path, run, options);
    const raw = new DatabaseSync(join(folder.path, "events.db"));
    raw.exec("INSERT INTO event (seq, at, type, body, crc) VALUES (1, 0, 'x', '{}', 0)");
    raw.close();
    log.append({ type: "run-started" });
    await expect(log.flush()).rejects.toThrow("the run's log is lost");
    await expect(log.close()).rejects.toThrow("1 event was not written");
  });
});
