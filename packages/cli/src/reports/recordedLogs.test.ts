import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeRunId } from "@claude-orchestrator/domain";
import { continueRunLog, createRunLog, openRunLog } from "@claude-orchestrator/store";
import { listRecordedLogs } from "@claude-orchestrator/testkit";
import { describe, expect, test } from "vitest";
import { RunFold } from "../run/runFold.ts";
import { makeFolder } from "../testing/folder.ts";
import { resultDocument } from "./resultDocument.ts";

describe.each([...listRecordedLogs()])("the log $run, recorded by release $version", ({ directory }) => {
  test("folds to the result which that release read from it", () => {
    const log = openRunLog(directory);
    const fold = new RunFold();
    fold.add(log.events());
    expect(log.damage()).toEqual([]);
    log.close();
    if (fold.state === undefined) throw new Error("the log tells nothing");
    const recorded = JSON.parse(readFileSync(join(directory, "result.json"), "utf8")) as object;
    // What a later release adds to the document was not known then.
    expect(resultDocument(fold.state, fold.uses(0))).toMatchObject(recorded);
  });

  test("can be gone on with, in the tables of this release, and holds the same still", async () => {
    using folder = makeFolder();
    copyFileSync(join(directory, "events.db"), join(folder.path, "events.db"));
    const before = openRunLog(directory);
    const expected = [...before.events()];
    before.close();
    const { log, events, damage } = continueRunLog(folder.path, { clock: { wall: () => 1 }, programVersion: "9.9.9" });
    expect({ events, damage }).toEqual({ events: expected, damage: [] });
    expect(log.append({ type: "run-reopened", instances: [] }).seq).toBe(expected.length + 1);
    await log.close();
    expect(tablesIn(folder.path)).toEqual(await newTables());
  });
});

function tablesIn(directory: string): readonly unknown[] {
  const raw = new DatabaseSync(join(directory, "events.db"), { readOnly: true });
  const tables = raw.prepare("SELECT type, name, sql FROM sqlite_master ORDER BY name").all();
  raw.close();
  return tables;
}

/** What the migrations must have led to. */
async function newTables(): Promise<readonly unknown[]> {
  using folder = makeFolder();
  const id = makeRunId(0, () => 0.5);
  await createRunLog(folder.path, id, { clock: { wall: () => 1 }, programVersion: "9.9.9" }).close();
  return tablesIn(folder.path);
}

test("there is a recorded log to replay", () => {
  expect(listRecordedLogs().length).toBeGreaterThan(1);
});
