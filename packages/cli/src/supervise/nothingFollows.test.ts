import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeRunId } from "@claude-orchestrator/domain";
import type { RunEvent } from "@claude-orchestrator/domain";
import { createRunLog, openRunLog } from "@claude-orchestrator/store";
import { answerOf } from "../testing/answerOf.ts";
import { makeFolder } from "../testing/folder.ts";
import { created, ended, noon, planned, runSettled, samplePlan, settled } from "../testing/sampleRun.ts";
import { resumeRunOf } from "./resume.ts";

const flags = { json: false, quiet: true, verbose: false, plain: true, detach: false, supervisor: false };

describe("a run that was stopped when all of it had ended", () => {
  test("is not gone on with: nothing follows its end", async () => {
    using folder = makeFolder();
    const id = makeRunId(noon, Math.random);
    const directory = join(folder.path, "runs", id);
    const log = createRunLog(directory, id, { clock: { wall: () => noon }, programVersion: "0.1.0" });
    const first = { ...created(samplePlan(["one"])), id } as RunEvent;
    const end = runSettled({ outcome: "stopped", exitCode: 130 });
    for (const event of [first, planned("one"), ended("one"), settled("one"), end]) log.append(event);
    await log.close();
    const resume = answerOf(
      (io) => resumeRunOf([id], { ...flags, "accept-changes": false, "runs-dir": "runs" }, io),
      folder.path,
    );
    await expect(resume).rejects.toThrow(`${id} was stopped when all of it had ended`);
    const reader = openRunLog(directory);
    expect([...reader.events()].at(-1)?.type).toBe("run-settled");
    reader.close();
  });
});
