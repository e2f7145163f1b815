import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { createRunLog, openRunLog } from "./index.ts";
import { progressed, runIdAt } from "./testing/events.ts";
import { lookAt } from "./testing/lookAt.ts";
import { temporaryDirectory } from "./testing/temporaryDirectory.ts";

const options = { clock: { wall: () => 1000 }, programVersion: "0.1.0" };

/** A finished log of so many events, each with a text of its own that can be found in the file. */
async function writeLog(directory: string, count: number): Promise<string> {
  const log = createRunLog(directory, runIdAt(0), options);
  for (let seq = 1; seq <= count; seq++) log.append(progressed(`<<${seq}>> ${"x".repeat(300)}`));
  await log.close();
  return join(directory, "events.db");
}

function without(count: number, ...missing: readonly number[]): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1).filter((seq) => !missing.includes(seq));
}

/** Changes the database as a stranger might, past our own guards. */
function tamper(path: string, sql: string): void {
  const raw = new DatabaseSync(path);
  raw.exec("DROP TRIGGER event_not_updated; DROP TRIGGER event_not_deleted; DROP TRIGGER event_in_order");
  raw.exec(sql);
  raw.close();
}

describe("reading a part of a log", () => {
  test("begins where asked and gives as many events as asked, over any number of pages", async () => {
    using folder = temporaryDirectory();
    await writeLog(folder.path, 1500);
    const reader = openRunLog(folder.path);
    const numbers = (from?: number, limit?: number): readonly number[] =>
      [...reader.events(from, limit)].map(({ seq }) => seq);
    expect(numbers()).toEqual(without(1500));
    expect(numbers(1499)).toEqual([1499, 1500]);
    expect(numbers(511, 3)).toEqual([511, 512, 513]);
    expect(numbers(1, 0)).toEqual([]);
    expect(numbers(1501)).toEqual([]);
    expect(reader.meta).toEqual({ run: runIdAt(0), programVersion: "0.1.0", closedAt: 1500 });
    reader.close();
  });

  test("may be given up half way", async () => {
    using folder = temporaryDirectory();
    await writeLog(folder.path, 20);
    const reader = openRunLog(folder.path);
    for (const { seq } of reader.events()) if (seq === 3) break;
    expect([...reader.events(19)]).toHaveLength(2);
    reader.close();
  });
});

describe("damage is named and the rest is read", () => {
  test("when a byte of an event has flipped", async () => {
    using folder = temporaryDirectory();
    const path = await writeLog(folder.path, 100);
    const bytes = readFileSync(path);
    const at = bytes.indexOf("<<42>>");
    bytes.writeUInt8(bytes.readUInt8(at + 8) ^ 1, at + 8);
    writeFileSync(path, bytes);
    expect(lookAt(folder.path)).toEqual({
      isRefused: false,
      numbers: without(100, 42),
      damage: [{ seq: 42, what: "event 42 is damaged: its checksum does not fit its content" }],
    });
  });

  test("when its time was changed", async () => {
    using folder = temporaryDirectory();
    tamper(await writeLog(folder.path, 3), "UPDATE event SET at = 999 WHERE seq = 2");
    expect(lookAt(folder.path).damage).toMatchObject([{ seq: 2 }]);
  });

  test("when events were removed from the middle, the beginning and the end", async () => {
    using folder = temporaryDirectory();
    tamper(await writeLog(folder.path, 100), "DELETE FROM event WHERE seq IN (1, 50, 51, 52, 99, 100)");
    expect(lookAt(folder.path)).toEqual({
      isRefused: false,
      numbers: without(100, 1, 50, 51, 52, 99, 100),
      damage: [
        { seq: 1, what: "event 1 is missing" },
        { seq: 50, what: "events 50 to 52 are missing" },
        { seq: 99, what: "events 99 to 100 are missing" },
      ],
    });
  });

  test("when a number is not one of ours", async () => {
    using folder = temporaryDirectory();
    tamper(await writeLog(folder.path, 10), "UPDATE event SET crc = 9007199254740993 WHERE seq = 4");
    const { numbers, damage } = lookAt(folder.path);
    expect(numbers).toEqual(without(10, 4));
    expect(damage).toMatchObject([{ seq: 4 }]);
  });

  test("when the text is no longer JSON but its checksum fits", async () => {
    using folder = temporaryDirectory();
    const path = await writeLog(folder.path, 3);
    const { crc32 } = await import("node:zlib");
    tamper(path, `UPDATE event SET body = '{"type":', crc = ${crc32('{"type":', crc32("2 1000 "))} WHERE seq = 2`);
    expect(lookAt(folder.path).damage).toEqual([{ seq: 2, what: "event 2 is damaged: its content is not JSON" }]);
  });

  test.each([1, 10, 500, 990, 999])("when the page of the file that holds event %i is overwritten", async (seq) => {
    using folder = temporaryDirectory();
    const path = await writeLog(folder.path, 1000);
    const bytes = readFileSync(path);
    const page = Math.floor(bytes.indexOf(`<<${seq}>>`) / 4096) * 4096;
    writeFileSync(path, bytes.fill(0xa5, page, page + 4096));
    const { numbers, damage } = lookAt(folder.path);
    expect(numbers).not.toContain(seq);
    // A page holds a handful of these events; all on other pages are still there.
    expect(numbers.length).toBeGreaterThan(980);
    expect(damage[0]?.what).toContain("not readable");
  });

  test.each([2, 3, 4, 5, 6, 7, 8])("when page %i of the file is overwritten, whatever it held", async (number) => {
    using folder = temporaryDirectory();
    const path = await writeLog(folder.path, 1000);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xa5, (number - 1) * 4096, number * 4096));
    const { isRefused, numbers, damage } = lookAt(folder.path);
    // A page of an index that reading never asks is no damage to it; whatever else is lost is named.
    expect(isRefused || damage.length > 0 || numbers.length === 1000).toBe(true);
  });
});

describe("following a log", () => {
  test("gives what is there, then each event that comes, in order, until it is stopped", async () => {
    using folder = temporaryDirectory();
    const log = createRunLog(folder.path, runIdAt(0), { ...options, batchMs: 1 });
    for (let i = 1; i <= 700; i++) log.append(progressed(`${i}`));
    await log.flush();
    const reader = openRunLog(folder.path);
    const heard: LoggedEvent[] = [];
    const allHeard = new Promise<void>((resolve) => {
      const stop = reader.follow(2, (events) => {
        heard.push(...events);
        if (events.at(-1)?.seq === 700) for (let i = 701; i <= 750; i++) log.append(progressed(`${i}`));
        if (events.at(-1)?.seq !== 750) return;
        stop();
        resolve();
      });
    });
    await allHeard;
    log.append(progressed("after the stop"));
    await log.close();
    reader.close();
    expect(heard.map(({ seq }) => seq)).toEqual(without(750, 1));
  });
});

describe("what is not a log is refused", () => {
  test("when there is none", () => {
    using folder = temporaryDirectory();
    expect(() => openRunLog(folder.path)).toThrow(/There is no log of a run at .*events\.db/);
    expect(() => openRunLog(folder.path)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("the folder `attempts` beside it") }),
    );
  });

  test.each([
    ["text", Buffer.from("this is not a database, however long it may be".repeat(20))],
    ["nothing", Buffer.alloc(0)],
    ["zeros", Buffer.alloc(8192)],
  ])("when the file holds %s", (_, content) => {
    using folder = temporaryDirectory();
    writeFileSync(join(folder.path, "events.db"), content);
    expect(() => openRunLog(folder.path)).toThrow(expect.objectContaining({ code: "log-not-usable" }));
  });

  test("when it is another program's database", () => {
    using folder = temporaryDirectory();
    const raw = new DatabaseSync(join(folder.path, "events.db"));
    raw.exec("CREATE TABLE song (title TEXT)");
    raw.close();
    expect(() => openRunLog(folder.path)).toThrow("is not the log of a run");
  });

  test("when a newer program wrote it, which is named", async () => {
    using folder = temporaryDirectory();
    const raw = new DatabaseSync(await writeLog(folder.path, 1));
    raw.exec("UPDATE meta SET value = '2' WHERE key = 'schema_version'");
    raw.exec("UPDATE meta SET value = '9.1.0' WHERE key = 'program_version'");
    raw.close();
    expect(() => openRunLog(folder.path)).toThrow("was written by a newer program (9.1.0)");
  });
});
