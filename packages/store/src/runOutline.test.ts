import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { readRunOutline } from "./runOutline.ts";
import { createRunLog } from "./runLog.ts";
import { created, progressed, runIdAt } from "./testing/events.ts";
import { temporaryDirectory } from "./testing/temporaryDirectory.ts";

const id = runIdAt(1000);

async function writeRun(directory: string): Promise<void> {
  const log = createRunLog(directory, id, { clock: { wall: () => 1000 }, programVersion: "0.1.0" });
  log.append(created(id, "nightly", ["build"]));
  log.append({ type: "run-started" });
  for (let event = 0; event < 20; event += 1) log.append(progressed(`word ${event}`));
  log.append({ type: "run-unpaused" });
  await log.close();
}

test("an outline has every event of a log but progress, in order", async () => {
  using folder = temporaryDirectory();
  const directory = join(folder.path, id);
  await writeRun(directory);
  const outline = readRunOutline(id, directory);
  expect("events" in outline && outline.events.map(({ type, seq }) => [type, seq])).toEqual([
    ["run-created", 1],
    ["run-started", 2],
    ["run-unpaused", 23],
  ]);
});

test("a run that has not begun yet is not a damaged one", async () => {
  using folder = temporaryDirectory();
  const directory = join(folder.path, id);
  await createRunLog(directory, id, { clock: { wall: () => 1000 }, programVersion: "0.1.0" }).close();
  expect(readRunOutline(id, directory)).toEqual({ id, directory, events: [] });
});

test("a log that is damaged, another run's or none is named instead of being half read", async () => {
  using folder = temporaryDirectory();
  const directory = join(folder.path, id);
  await writeRun(directory);
  expect(readRunOutline(runIdAt(9_000_000), directory)).toMatchObject({ damaged: `its log is that of ${id}` });
  expect(readRunOutline(id, join(folder.path, "none"))).toMatchObject({
    damaged: expect.stringContaining("There is no log"),
  });
  const broken = join(folder.path, "broken");
  mkdirSync(broken);
  copyFileSync(join(directory, "events.db"), join(broken, "events.db"));
  const database = new DatabaseSync(join(broken, "events.db"));
  database.exec("DROP TRIGGER event_not_updated; UPDATE event SET body = '{}' WHERE seq = 23");
  database.close();
  expect(readRunOutline(id, broken)).toMatchObject({ damaged: "event 23: its checksum does not fit its content" });
});
