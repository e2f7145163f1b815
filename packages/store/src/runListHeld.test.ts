import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createRunLog, summarizeRun } from "./index.ts";
import { runIdAt } from "./testing/events.ts";
import { runProgram } from "./testing/childProcess.ts";
import { temporaryDirectory } from "./testing/temporaryDirectory.ts";

const options = { clock: { wall: () => 1000 }, programVersion: "0.1.0" };
const id = runIdAt(0);

async function begunRun(directory: string): Promise<void> {
  const log = createRunLog(directory, id, options);
  log.append({ type: "run-created", id, plan: { name: "nightly", instances: [] } } as never);
  await log.close();
}

test("a run whose supervisor opens and closes its log is never listed as damaged meanwhile", async () => {
  using folder = temporaryDirectory();
  await begunRun(folder.path);
  const child = runProgram("logCycleProcess.ts", [folder.path, "30"]);
  let isOver = false;
  void child.output.then(() => (isOver = true));
  const damaged: unknown[] = [];
  while (!isOver) {
    const summary = summarizeRun({ id, directory: folder.path });
    if ("damaged" in summary) damaged.push(summary);
    await nextTurn();
  }
  expect([await child.output, damaged]).toEqual(["done\n", []]);
}, 60_000);

test("a log that another program holds, and one that has no event yet, is told from a damaged one", async () => {
  using folder = temporaryDirectory();
  await begunRun(folder.path);
  const holder = new DatabaseSync(join(folder.path, "events.db"));
  holder.exec("BEGIN EXCLUSIVE");
  expect(summarizeRun({ id, directory: folder.path }, 0)).toMatchObject({ mayPass: "held" });
  holder.close();
  expect(summarizeRun({ id, directory: folder.path }, 0)).toMatchObject({ name: "nightly" });
  using other = temporaryDirectory();
  const log = createRunLog(other.path, id, options);
  expect(summarizeRun({ id, directory: other.path }, 0)).toMatchObject({ mayPass: "empty" });
  await log.close();
});
