import type { RunId } from "@claude-orchestrator/domain";
import type { RunControl } from "@claude-orchestrator/engine";
import { askControl, createClock } from "@claude-orchestrator/host";
import { createRunLog, openRunLog } from "@claude-orchestrator/store";
import { expect, test } from "vitest";
import { makeFolder } from "../testing/folder.ts";
import { setUpDesk } from "./desk.ts";
import { readSupervisorRecord } from "./supervisorRecord.ts";

test("what was asked for is on disk before it is answered", async () => {
  using folder = makeFolder();
  // By itself it would write much later than anybody waits.
  const options = { clock: createClock(), programVersion: "0.0.0", batchMs: 60_000 };
  const log = createRunLog(folder.path, "run_desk000000" as RunId, options);
  const granted = { ok: true, message: "paused" } as const;
  const control: RunControl = {
    stop: () => undefined,
    stopInstance: () => granted,
    pause: () => {
      log.append({ type: "run-paused", cause: { kind: "user" } });
      return granted;
    },
    unpause: () => granted,
    setBudget: () => granted,
    retry: () => granted,
    done: Promise.resolve({ exitCode: 0 }),
  };
  const desk = await setUpDesk(folder.path, control, log);
  const place = readSupervisorRecord(folder.path)?.control;
  expect(place === undefined ? undefined : await askControl(place, { kind: "pause" })).toEqual(granted);
  const reader = openRunLog(folder.path);
  expect([...reader.events()].map(({ type }) => type)).toEqual(["run-paused"]);
  reader.close();
  desk.close();
  await log.close();
});
