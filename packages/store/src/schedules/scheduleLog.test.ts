import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { makeRunId } from "@claude-orchestrator/domain";
import type { Schedule, ScheduleEvent } from "@claude-orchestrator/domain";
import { runProgram } from "../testing/childProcess.ts";
import { temporaryDirectory } from "../testing/temporaryDirectory.ts";
import { type ScheduleLog, openScheduleLog, scheduleLogName } from "./scheduleLog.ts";

const schedule: Schedule = {
  id: "sch_0000000000",
  name: "nightly",
  cron: "0 2 * * *",
  zone: "UTC",
  file: "/f.yaml",
  flags: [],
  cwd: "/",
  runs: "/runs",
  missed: "once",
  overlap: "skip",
};
const { id } = schedule;
const run = makeRunId(1, () => 0);
const due: ScheduleEvent = { type: "schedule-due", id, slot: 5, run, way: "on-time" };
const fired: ScheduleEvent = { type: "schedule-fired", id, slot: 5, run };

function open(directory: string): ScheduleLog {
  return openScheduleLog(directory, { wall: () => 0, programVersion: "0.1.0" });
}

function withSchedule(directory: string): ScheduleLog {
  const log = open(directory);
  log.append(() => [{ type: "schedule-added", schedule }]);
  return log;
}

test("what was added by one program is read by another, and both go on from there", () => {
  using folder = temporaryDirectory();
  const one = withSchedule(join(folder.path, "state"));
  const other = open(join(folder.path, "state"));
  expect(other.read().get(id)?.schedule).toEqual(schedule);
  other.append(() => [due]);
  expect(one.read().get(id)?.pending).toEqual([{ slot: 5, run, way: "on-time", seq: 2 }]);
  one.close();
  other.close();
});

test("a slot is claimed once, has one end, and its run ends once", () => {
  using folder = temporaryDirectory();
  const log = withSchedule(folder.path);
  log.append(() => [due, fired]);
  const refused: readonly ScheduleEvent[] = [
    due,
    { ...due, slot: 4 },
    fired,
    { type: "schedule-failed", id, slot: 5, reason: "no" },
    { type: "schedule-skipped", id, slot: 5, from: 5, count: 1, reason: { kind: "missed" } },
  ];
  for (const event of refused) expect(() => log.append(() => [event])).toThrow("may not follow");
  log.append(() => [{ type: "schedule-ended", id, slot: 5, outcome: "failed" }]);
  expect(() => log.append(() => [{ type: "schedule-ended", id, slot: 5, outcome: "failed" }])).toThrow();
  expect(log.seq).toBe(4);
  log.close();
});

test("the database keeps these rules itself, against whoever writes into it", () => {
  using folder = temporaryDirectory();
  const log = withSchedule(folder.path);
  log.append(() => [due, fired]);
  log.close();
  const database = new DatabaseSync(join(folder.path, scheduleLogName));
  const insert = database.prepare("INSERT INTO event VALUES (?, 0, ?, ?, 5, '{}', 0)");
  expect(() => insert.run(4, "schedule-due", id)).toThrow("UNIQUE");
  expect(() => insert.run(4, "schedule-skipped", id)).toThrow("UNIQUE");
  expect(() => insert.run(9, "schedule-ended", id)).toThrow("without a gap");
  expect(() => database.exec("DELETE FROM event")).toThrow("append-only");
  expect(() => database.exec("UPDATE event SET at = 1")).toThrow("append-only");
  database.close();
});

test("of what is decided at once all is written, or nothing", () => {
  using folder = temporaryDirectory();
  const log = withSchedule(folder.path);
  expect(() => log.append(() => [due, due])).toThrow("may not follow");
  expect(open(folder.path).read().get(id)?.pending).toEqual([]);
  log.append(() => [due]);
  log.close();
});

test("a broken event refuses the whole log: what it said of a slot is unknown", () => {
  using folder = temporaryDirectory();
  const log = withSchedule(folder.path);
  log.append(() => [due]);
  log.close();
  const database = new DatabaseSync(join(folder.path, scheduleLogName));
  database.exec("DROP TRIGGER event_not_updated; UPDATE event SET body = replace(body, '5', '6') WHERE seq = 2");
  database.close();
  expect(() => open(folder.path).read()).toThrow(
    expect.objectContaining({ code: "log-not-usable", message: expect.stringContaining("event 2") }),
  );
});

test("a log of a newer program is refused, and says which", () => {
  using folder = temporaryDirectory();
  open(folder.path).close();
  const database = new DatabaseSync(join(folder.path, scheduleLogName));
  database.exec("UPDATE meta SET value = '2' WHERE key = 'schema_version'");
  database.close();
  expect(() => open(folder.path)).toThrow(expect.objectContaining({ message: expect.stringContaining("(0.1.0)") }));
});

test("a file that is no database is refused with a sentence", () => {
  expect(() => open("/dev/null/state")).toThrow(expect.objectContaining({ code: "log-not-usable" }));
});

test.skipIf(process.platform === "win32")("the log is its owner's alone", () => {
  using folder = temporaryDirectory();
  const directory = join(folder.path, "deep", "state");
  const log = withSchedule(directory);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  const modes = readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777);
  expect(new Set(modes)).toEqual(new Set([0o600]));
  log.close();
});

describe("several programs that claim the same slots", () => {
  test("fire each of them once", async () => {
    using folder = temporaryDirectory();
    withSchedule(folder.path).close();
    const programs = [1, 2, 3].map(() => runProgram("claimProcess.ts", [folder.path, id, "60"]));
    const outputs = await Promise.all(programs.map(({ output }) => output));
    expect(outputs.every((text) => text.endsWith("done\n"))).toBe(true);
    expect(firedIn(outputs)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
  }, 60_000);

  test("fire none twice where they are killed at any moment, and lose none of what was fired", async () => {
    using folder = temporaryDirectory();
    withSchedule(folder.path).close();
    const outputs: string[] = [];
    for (const lines of [1, 7, 3, 12]) {
      const programs = [1, 2].map(() => runProgram("claimProcess.ts", [folder.path, id, "100000"]));
      await Promise.race(programs.map((program) => program.lines(lines)));
      for (const program of programs) program.process.kill("SIGKILL");
      outputs.push(...(await Promise.all(programs.map(({ output }) => output))));
    }
    const told = firedIn(outputs);
    expect(new Set(told).size).toBe(told.length);
    const log = open(folder.path);
    const state = log.read().get(id);
    expect(state?.fired).toBeGreaterThanOrEqual(told.length);
    expect(state?.handledThrough).toBeGreaterThanOrEqual(told.at(-1) ?? 0);
    log.close();
  }, 60_000);
});

function firedIn(outputs: readonly string[]): readonly number[] {
  const lines = outputs.flatMap((text) => text.split("\n").slice(0, -1));
  const slots = lines.flatMap((text) => (text.startsWith("fired ") ? [Number(text.slice(6))] : []));
  return slots.toSorted((a, b) => a - b);
}

test("a file that is no log of schedules is to be moved away, and not to be made room for", () => {
  using folder = temporaryDirectory();
  writeFileSync(join(folder.path, scheduleLogName), "no database, however long it may be".repeat(200));
  expect(() => open(folder.path)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("move the file away and add the schedules again") }),
  );
});
