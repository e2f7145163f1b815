import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeRunId } from "@claude-orchestrator/domain";
import type { RunEvent } from "@claude-orchestrator/domain";
import { createRunLog } from "@claude-orchestrator/store";
import { continueHistory } from "../supervise/history.ts";
import { attachTo } from "../supervise/attach.ts";
import { listRunning } from "../supervise/listRunning.ts";
import { answerOf } from "../testing/answerOf.ts";
import { makeFolder } from "../testing/folder.ts";
import { created, ended, noon, planned, progressed, runSettled, samplePlan, settled } from "../testing/sampleRun.ts";
import { listRunsOf } from "./listRuns.ts";
import { showRun } from "./showRun.ts";

/** What a program of ours never writes: each is intact on disk, and is nothing a reader knows. */
const poison = [
  { type: "moon-landed", crater: 7 },
  { type: "attempt-enchanted", instance: "one", attempt: 1, spell: null },
  { type: "attempt-progressed", instance: "one", attempt: 1 },
  { type: "attempt-progressed", instance: "nobody", attempt: 9 },
  { type: "run-resumed" },
  { type: "run-reopened" },
  { type: "plan-changed", plan: null },
  { type: "toString" },
] as unknown as readonly RunEvent[];

const flags = { json: false, quiet: false, verbose: false, plain: true, "runs-dir": "runs" };

/** A run with poison after each of its events; `isOpen` leaves out its end. */
async function poisonedRun(folder: string, isOpen: boolean): Promise<string> {
  const id = makeRunId(noon, Math.random);
  const directory = join(folder, "runs", id);
  const log = createRunLog(directory, id, { clock: { wall: () => noon }, programVersion: "0.1.0" });
  const first = { ...created(samplePlan(["one"])), id } as RunEvent;
  const rest = [planned("one"), progressed("one", 100, "words"), ended("one"), settled("one"), runSettled()];
  for (const event of [first, ...(isOpen ? rest.slice(0, 2) : rest)]) {
    log.append(event);
    for (const each of event.type === "run-settled" ? [] : poison) log.append(each);
  }
  await log.close();
  return id;
}

describe("R38: events in a log that no reader understands", () => {
  test("hide nothing of the run from `show` and `attach`, and are named where one is broken", async () => {
    using folder = makeFolder();
    const id = await poisonedRun(folder.path, false);
    const shown = await answerOf((io) => showRun([id], { ...flags, markdown: false }, io), folder.path);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain("nightly succeeded");
    expect(shown.talk).toContain("event 4 of the log is not what it says it is: passed over");
    const json = await answerOf((io) => showRun([id], { ...flags, json: true, markdown: false }, io), folder.path);
    expect(JSON.parse(json.out)).toMatchObject({ status: "succeeded", tokens: { total: 1500 } });
    const attached = await answerOf((io) => attachTo([id], flags, io), folder.path);
    expect(attached).toMatchObject({ code: 0 });
    expect(attached.out).toContain("nightly succeeded");
    expect(attached.talk).toContain("one  started (claude, opus-5-5)");
    expect(attached.talk).not.toContain("this view has failed");
  });

  test("keep no other run from `runs list` and `ps`", async () => {
    using folder = makeFolder();
    const ids = [await poisonedRun(folder.path, false), await poisonedRun(folder.path, true)];
    const listed = await answerOf((io) => listRunsOf({ ...flags, limit: undefined }, io), folder.path);
    for (const id of ids) expect(listed.out).toContain(id);
    const open = await answerOf((io) => listRunning(flags, io), folder.path);
    expect(open.out).toContain(`${ids[1]}  nightly`);
  });

  test("are told to whoever takes the run up, which goes on with the rest", async () => {
    using folder = makeFolder();
    const id = await poisonedRun(folder.path, true);
    const { log, lost } = continueHistory(join(folder.path, "runs", id));
    await log.close();
    expect(lost).toContain("event 4 is not what it says it is: passed over");
  });
});
