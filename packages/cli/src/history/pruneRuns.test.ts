import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeRunId } from "@claude-orchestrator/domain";
import type { RunEvent, RunId } from "@claude-orchestrator/domain";
import { acquireRunLock, createRunLog } from "@claude-orchestrator/store";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";
import { answerOf } from "../testing/answerOf.ts";
import { created, noon, runSettled, samplePlan } from "../testing/sampleRun.ts";
import { chooseRuns } from "./chooseRuns.ts";
import type { SurveyedRun } from "./surveyRuns.ts";
import { pruneRuns, type PruneFlags } from "./pruneRuns.ts";
import { applyRetention } from "./applyRetention.ts";

const day = 86_400_000;
const noFlags: PruneFlags = {
  "older-than": undefined,
  keep: undefined,
  "max-size": undefined,
  "include-unfinished": false,
  "dry-run": false,
  yes: true,
  json: false,
  "runs-dir": "runs",
};

/** A run that began so many days before now, and settled unless it says otherwise. */
async function writeRun(runs: string, daysAgo: number, isSettled = true): Promise<RunId> {
  const at = Date.now() - daysAgo * day;
  const id = makeRunId(at, Math.random);
  const log = createRunLog(join(runs, id), id, { clock: { wall: () => at }, programVersion: "0.1.0" });
  const first = created(samplePlan(["one"])) as Extract<RunEvent, { type: "run-created" }>;
  log.append({ ...first, id, directory: join(runs, id) });
  if (isSettled) log.append(runSettled());
  await log.close();
  writeFileSync(join(runs, id, "padding"), "x".repeat(10_000));
  return id;
}

function left(runs: string): readonly string[] {
  return readdirSync(runs).toSorted();
}

describe("runs prune", () => {
  test("removes the runs that are too old or too many, says why, and what it freed", async () => {
    using folder = makeFolder();
    const runs = join(folder.path, "runs");
    const [old, middle, young] = [await writeRun(runs, 40), await writeRun(runs, 20), await writeRun(runs, 1)];
    const dry = await answerOf((io) => pruneRuns([], { ...noFlags, "older-than": "30d", yes: false }, io), folder.path);
    expect(dry).toMatchObject({ code: 0, talk: expect.stringContaining("Would remove 1 run and free") });
    expect(left(runs)).toHaveLength(3);
    const aged = await answerOf((io) => pruneRuns([], { ...noFlags, "older-than": "30d" }, io), folder.path);
    expect(aged.out).toMatch(new RegExp(`${old} .* kB  older than 30d`));
    expect(aged.talk).toMatch(/^Removed 1 run, freed [\d.]+ kB\n$/);
    expect(left(runs)).toEqual([middle, young].toSorted());
    await answerOf((io) => pruneRuns([], { ...noFlags, keep: 1 }, io), folder.path);
    expect(left(runs)).toEqual([young]);
  });

  test("never removes a running run, and one that can be resumed only where it is named", async () => {
    using folder = makeFolder();
    const runs = join(folder.path, "runs");
    const [running, unfinished] = [await writeRun(runs, 50), await writeRun(runs, 40, false)];
    const lock = acquireRunLock(join(runs, running));
    const none = await answerOf((io) => pruneRuns([], { ...noFlags, keep: 0 }, io), folder.path);
    expect(none.talk).toContain(`kept ${running}: it is running`);
    expect(none.talk).toContain(`kept ${unfinished}: it has not finished and can be resumed`);
    expect(left(runs)).toEqual([running, unfinished].toSorted());
    const named = await answerOf((io) => pruneRuns([running, unfinished], noFlags, io), folder.path);
    expect(named).toMatchObject({ code: 1, talk: expect.stringContaining(`kept ${running}: it is running`) });
    expect(left(runs)).toEqual([running]);
    lock?.release();
  });

  test("touches nothing that is no run's folder, and follows no link", async () => {
    using folder = makeFolder({ "precious/file": "precious" });
    const runs = join(folder.path, "runs");
    const id = await writeRun(runs, 40);
    const linked = makeRunId(noon, Math.random);
    symlinkSync(join(folder.path, "precious"), join(runs, id, "link"));
    cpSync(join(runs, id), join(folder.path, "elsewhere"), { recursive: true });
    symlinkSync(join(folder.path, "elsewhere"), join(runs, linked));
    mkdirSync(join(runs, "notes"));
    const empty = makeRunId(noon - day, Math.random);
    mkdirSync(join(runs, empty));
    const flags = { ...noFlags, keep: 0, "include-unfinished": true };
    const { code, out } = await answerOf((io) => pruneRuns([], flags, io), folder.path);
    expect(code).toBe(1);
    expect(out).toContain("not removed: it is a link or a file, not a run's folder");
    expect(out).toContain("not removed: it is not a run's folder: it has neither a log nor a lock");
    expect(left(runs)).toEqual([linked, empty, "notes"].toSorted());
    expect(existsSync(join(folder.path, "precious/file"))).toBe(true);
    expect(existsSync(join(folder.path, "elsewhere/events.db"))).toBe(true);
  });

  test("removes a run whose log is gone where it is named or damaged ones are meant too, and nobody supervises it", async () => {
    using folder = makeFolder();
    const runs = join(folder.path, "runs");
    const [held, named, another] = [await writeRun(runs, 50), await writeRun(runs, 40), await writeRun(runs, 30)];
    const lock = acquireRunLock(join(runs, held));
    for (const id of [named, another]) acquireRunLock(join(runs, id))?.release();
    for (const id of [held, named, another]) rmSync(join(runs, id, "events.db"));
    await answerOf((io) => pruneRuns([], { ...noFlags, keep: 0 }, io), folder.path);
    expect(left(runs)).toEqual([held, named, another].toSorted());
    await answerOf((io) => pruneRuns([held, named], noFlags, io), folder.path);
    expect(left(runs)).toEqual([held, another].toSorted());
    await answerOf((io) => pruneRuns([], { ...noFlags, keep: 0, "include-unfinished": true }, io), folder.path);
    expect(left(runs)).toEqual([held]);
    lock?.release();
  });

  test("keeps a run whose instances' folders are still there, since it is needed to land them, unless it is named", async () => {
    using folder = makeFolder();
    const runs = join(folder.path, "runs");
    const id = await writeRun(runs, 40);
    const place = join(folder.path, "claude-orchestrator/worktrees/project", id);
    mkdirSync(place, { recursive: true });
    const facts = { format: 1, kind: "copy", run: id, instance: "one", directory: join(runs, id), stage: "ready" };
    writeFileSync(join(place, "one.json"), JSON.stringify({ ...facts, base: "", ignored: [] }));
    const prune = (words: readonly string[], flags: PruneFlags) =>
      answerOf((io) => pruneRuns(words, flags, { ...io, env: { XDG_STATE_HOME: folder.path } }), folder.path);
    const { talk } = await prune([], { ...noFlags, keep: 0, "include-unfinished": true });
    expect(talk).toContain(`kept ${id}: folders of its instances are still there`);
    expect(left(runs)).toEqual([id]);
    await prune([id], noFlags);
    expect(left(runs)).toEqual([]);
  });

  test("clears what an earlier removal or import left when it was killed, and nothing that only looks like it", async () => {
    using folder = makeFolder();
    const runs = join(folder.path, "runs");
    const id = await writeRun(runs, 0);
    const [removed, old, young] = [`.removed-${id}`, `.importing-${id}-1`, `.importing-${id}-2`];
    for (const name of [removed, old, young, ".removed-notes"]) mkdirSync(join(runs, name));
    utimesSync(join(runs, old), 0, 0);
    await answerOf((io) => pruneRuns([], { ...noFlags, keep: 5 }, io), folder.path);
    expect(left(runs)).toEqual([young, ".removed-notes", id].toSorted());
  });

  test("needs a bound or a run, and a bound that can be read", async () => {
    using folder = makeFolder();
    const refused = (flags: Partial<PruneFlags>) =>
      expect(answerOf((io) => pruneRuns([], { ...noFlags, ...flags }, io), folder.path)).rejects.toMatchObject({
        code: "usage",
      });
    await refused({});
    await refused({ "older-than": "soon" });
    await refused({ "max-size": "big" });
    await refused({ keep: 1.5 });
  });
});

describe("retention of a file", () => {
  test("removes older runs of the folder when a run has ended, never the run itself", async () => {
    using folder = makeFolder();
    const runs = join(folder.path, "runs");
    const [old, unfinished, ended] = [
      await writeRun(runs, 40),
      await writeRun(runs, 30, false),
      await writeRun(runs, 0),
    ];
    const state = { id: ended, plan: samplePlan([], { retention: { count: 1 } }), directory: join(runs, ended) };
    expect(applyRetention(state, { now: Date.now(), env: {} })).toMatch(
      /^Removed 1 run of the past as `retention` says, freed /,
    );
    expect(left(runs)).toEqual([unfinished, ended].toSorted());
    expect(existsSync(join(runs, old))).toBe(false);
    expect(applyRetention({ ...state, plan: samplePlan([]) }, { now: Date.now(), env: {} })).toBeUndefined();
  });

  test("never throws, whatever is in its way", () => {
    using folder = makeFolder({ runs: "a file" });
    const id = makeRunId(noon, Math.random);
    const state = { id, plan: samplePlan([], { retention: { count: 1 } }), directory: join(folder.path, "runs", id) };
    expect(applyRetention(state, { now: noon, env: {} })).toContain("could not be removed");
  });
});

const anySurvey: fc.Arbitrary<readonly SurveyedRun[]> = fc
  .array(
    fc.record({
      state: fc.constantFrom("running", "unfinished", "damaged", "settled"),
      at: fc.nat({ max: 1000 }),
      bytes: fc.nat({ max: 1000 }),
      hasFolders: fc.constant(false),
    }),
    { maxLength: 20 },
  )
  .map((runs) => runs.map((run, index) => ({ ...run, id: makeRunId(index, () => 0.5), directory: `/${index}` })));

const anyRetention = fc.record(
  { ageMs: fc.nat({ max: 1000 }), count: fc.nat({ max: 20 }), bytes: fc.nat({ max: 9000 }) },
  { requiredKeys: [] },
);

test("whatever the runs and the bounds: only settled runs go, each for a reason, and what stays of them fits", () => {
  fc.assert(
    fc.property(anySurvey, anyRetention, (runs, retention) => {
      const { removed } = chooseRuns(runs, { retention, now: 1000 });
      const gone = new Set(removed.map(({ run }) => run));
      expect([...gone].every(({ state }) => state === "settled")).toBe(true);
      const stay = runs.filter((run) => !gone.has(run) && run.state === "settled");
      const { ageMs = Infinity, count = Infinity, bytes = Infinity } = retention;
      expect(stay.length).toBeLessThanOrEqual(count);
      expect(stay.every(({ at }) => 1000 - at <= ageMs)).toBe(true);
      expect(stay.reduce((sum, run) => sum + run.bytes, 0)).toBeLessThanOrEqual(bytes);
    }),
  );
});
