import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunEvent } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { createRunLog, findRun, listRuns } from "./index.ts";
import { created, instanceSettled, runIdAt } from "./testing/events.ts";
import { temporaryDirectory } from "./testing/temporaryDirectory.ts";

/** A run begun so many seconds after 1970, with these events after its first. */
async function writeRun(runs: string, seconds: number, events: readonly RunEvent[] = []): Promise<string> {
  const id = runIdAt(seconds * 1000);
  const directory = join(runs, id);
  const log = createRunLog(directory, id, { clock: { wall: () => seconds * 1000 }, programVersion: "0.1.0" });
  log.append(created(id, `run of ${seconds}`, ["build", "test", "docs"]));
  for (const event of events) log.append(event);
  await log.close();
  return id;
}

/** So that two folders are not born in the same tick of the file system's clock (up to 10 ms). */
async function waitForNextTick(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 25));
}

const settled: RunEvent = { type: "run-settled", outcome: "failed", exitCode: 1, durationMs: 500 };

describe("a listing of runs", () => {
  test("is newest first, with verdicts counted and the outcome where there is one", async () => {
    using folder = temporaryDirectory();
    const instances = [
      instanceSettled("build", "succeeded"),
      instanceSettled("test", "failed"),
      instanceSettled("docs", "succeeded"),
    ];
    const first = await writeRun(folder.path, 1_000_000, [...instances, settled]);
    const second = await writeRun(folder.path, 2_000_000, instances.slice(0, 1));
    expect(listRuns(folder.path)).toEqual([
      {
        id: second,
        directory: join(folder.path, second),
        name: "run of 2000000",
        createdAt: 2_000_000_000,
        instances: 3,
        verdicts: { succeeded: 1 },
      },
      {
        id: first,
        directory: join(folder.path, first),
        name: "run of 1000000",
        createdAt: 1_000_000_000,
        instances: 3,
        verdicts: { succeeded: 2, failed: 1 },
        settled: { outcome: "failed", exitCode: 1, durationMs: 500, at: 1_000_000_000 },
      },
    ]);
    expect(listRuns(folder.path, 1).map(({ id }) => id)).toEqual([second]);
  });

  test("tells a run that was asked for again as open, until it has settled anew", async () => {
    using folder = temporaryDirectory();
    const first = [instanceSettled("build", "failed"), instanceSettled("test", "succeeded"), settled];
    const again: RunEvent = { type: "run-reopened", instances: ["build"] };
    await writeRun(folder.path, 1_000_000, [...first, again]);
    await writeRun(folder.path, 2_000_000, [...first, again, instanceSettled("build", "succeeded"), settled]);
    const [whole, open] = listRuns(folder.path);
    expect(open).toMatchObject({ verdicts: { succeeded: 1 } });
    expect(open).not.toHaveProperty("settled");
    expect(whole).toMatchObject({ verdicts: { succeeded: 2 }, settled: { outcome: "failed" } });
  });

  test("is newest first also among runs of the same second, whatever their ids", async () => {
    using folder = temporaryDirectory();
    const ids = ["zzzz", "aaaa", "mmmm"].map((tail) => `run_t0000k${tail}`);
    for (const id of ids) {
      mkdirSync(join(folder.path, id));
      await waitForNextTick();
    }
    expect(listRuns(folder.path).map(({ id }) => id)).toEqual(ids.toReversed());
  });

  test("shows a broken run with the reason, and passes over what is no run", async () => {
    using folder = temporaryDirectory();
    const sound = await writeRun(folder.path, 3_000_000);
    const [empty, rubbish, headless] = [runIdAt(4_000_000_000), runIdAt(5_000_000_000), runIdAt(6_000_000_000)];
    mkdirSync(join(folder.path, empty));
    mkdirSync(join(folder.path, rubbish));
    writeFileSync(join(folder.path, rubbish, "events.db"), "rubbish".repeat(100));
    mkdirSync(join(folder.path, "notes"));
    const log = createRunLog(join(folder.path, headless), headless, {
      clock: { wall: () => 0 },
      programVersion: "0.1.0",
    });
    await log.close();
    expect(listRuns(folder.path)).toMatchObject([
      { id: headless, damaged: "it has not begun: its log holds nothing yet" },
      { id: rubbish, damaged: expect.stringContaining("cannot be read as the log of a run") },
      { id: empty, damaged: expect.stringContaining("There is no log of a run") },
      { id: sound, instances: 3 },
    ]);
  });

  test("of a folder that is not there is empty", () => {
    using folder = temporaryDirectory();
    expect(listRuns(join(folder.path, "none"))).toEqual([]);
  });

  test("names a log that was moved into another run's folder", async () => {
    using folder = temporaryDirectory();
    const id = runIdAt(1_000_000_000);
    const log = createRunLog(join(folder.path, id), runIdAt(0), { clock: { wall: () => 0 }, programVersion: "0.1.0" });
    await log.close();
    expect(listRuns(folder.path)).toMatchObject([{ id, damaged: `its log is that of ${runIdAt(0)}` }]);
  });
});

describe("a run is found", () => {
  // run_0lfls0i000, run_16v5c0i000 and run_1s3eo0i000 with the middle of the random range.
  async function threeRuns(runs: string): Promise<readonly string[]> {
    return [await writeRun(runs, 36_000_000), await writeRun(runs, 72_000_000), await writeRun(runs, 72_000_001)];
  }

  test("by its id, by a beginning that fits it only, and as the latest", async () => {
    using folder = temporaryDirectory();
    const [oldest = "", , newest = ""] = await threeRuns(folder.path);
    const find = (text: string): string => findRun(folder.path, text).id;
    expect([find(oldest), find(oldest.slice(0, 7)), find(oldest.slice(4, 7))]).toEqual([oldest, oldest, oldest]);
    expect([find("latest"), find("last"), find(newest)]).toEqual([newest, newest, newest]);
    expect(findRun(folder.path, "latest").directory).toBe(join(folder.path, newest));
  });

  test("never by guessing: a beginning of several is refused with their ids", async () => {
    using folder = temporaryDirectory();
    const [, older = "", newest = ""] = await threeRuns(folder.path);
    const common = newest.slice(0, 8);
    expect(() => findRun(folder.path, common)).toThrow(
      expect.objectContaining({
        code: "run-not-found",
        message: `\`${common}\` begins the ids of 2 runs`,
        hint: `write more of the one you mean: ${newest}, ${older}`,
      }),
    );
  });

  test("or the nearest ids are named", async () => {
    using folder = temporaryDirectory();
    const [oldest = ""] = await threeRuns(folder.path);
    const misspelt = `${oldest.slice(0, 6)}z${oldest.slice(7)}`;
    expect(() => findRun(folder.path, misspelt)).toThrow(
      expect.objectContaining({ code: "run-not-found", hint: expect.stringContaining(`nearest are ${oldest}`) }),
    );
    expect(() => findRun(folder.path, "")).toThrow(expect.objectContaining({ code: "run-not-found" }));
  });

  test("or it is said that there are none", () => {
    using folder = temporaryDirectory();
    expect(() => findRun(folder.path, "latest")).toThrow(`There are no runs in ${folder.path}`);
  });
});

describe("a folder of runs that cannot be read is refused with a sentence", () => {
  test("where it is a file", () => {
    using folder = temporaryDirectory();
    const path = join(folder.path, "f.yaml");
    writeFileSync(path, "");
    expect(() => listRuns(path)).toThrow(`The runs in ${path} cannot be read: it is no folder`);
    expect(() => findRun(path, "latest")).toThrow(expect.objectContaining({ code: "file-not-readable" }));
  });

  test("where the system does not let us in", () => {
    using folder = temporaryDirectory();
    const path = join(folder.path, "loop");
    symlinkSync(path, path);
    expect(() => listRuns(path)).toThrow(expect.objectContaining({ code: "file-not-readable" }));
  });
});
