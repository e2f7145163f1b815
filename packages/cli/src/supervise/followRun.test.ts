import { join } from "node:path";
import { expect, test } from "vitest";
import { makeRunId } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunEvent } from "@claude-orchestrator/domain";
import { acquireRunLock, createRunLog } from "@claude-orchestrator/store";
import { makeFolder } from "../testing/folder.ts";
import { created, noon, planned, progressed, runSettled, samplePlan } from "../testing/sampleRun.ts";
import { followRun } from "./followRun.ts";

/** A log of so many pages that reading it takes longer than two looks at whether anybody supervises the run. */
async function writeLog(folder: string, last: readonly RunEvent[]): Promise<string> {
  const id = makeRunId(noon, Math.random);
  const directory = join(folder, id);
  const log = createRunLog(directory, id, { clock: { wall: () => noon }, programVersion: "0.1.0" });
  log.append({ ...created(samplePlan(["one"])), id } as RunEvent);
  log.append(planned("one"));
  for (let count = 0; count < 6000; count += 1) log.append(progressed("one", count, "some words"));
  for (const event of last) log.append(event);
  await log.close();
  return directory;
}

/** As slow as a terminal over a bad line. */
function read(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
}

test.each([
  { last: [runSettled()], expected: "settled" },
  { last: [], expected: "interrupted" },
])("a long log that nobody writes any more is read to its end before it is said that it $expected", async (given) => {
  using folder = makeFolder();
  const directory = await writeLog(folder.path, given.last);
  const { end, fold } = await followRun({ directory, onEvents: read, enough: new Promise(() => undefined) });
  expect(end).toBe(given.expected);
  expect(fold.state?.seq).toBe(6002 + given.last.length);
});

test("a run that has settled is followed until its supervisor has let go of its folder, or until one has seen enough", async () => {
  using folder = makeFolder();
  const directory = await writeLog(folder.path, [runSettled()]);
  const lock = acquireRunLock(directory);
  const enough = Promise.withResolvers<void>();
  const follow = (until: Promise<void>): { readonly seen: Promise<void>; readonly said: Promise<void> } => {
    const seen = Promise.withResolvers<void>();
    const onEvents = (events: readonly LoggedEvent[]): void => {
      if (events.at(-1)?.type === "run-settled") seen.resolve();
    };
    const said = followRun({ directory, onEvents, enough: until }).then(({ end }) => void order.push(end));
    return { seen: seen.promise, said };
  };
  const order: string[] = [];
  const [patient, hurried] = [follow(new Promise(() => undefined)), follow(enough.promise)];
  await Promise.all([patient.seen, hurried.seen]);
  enough.resolve();
  await hurried.said;
  order.push("let go");
  lock?.release();
  await patient.said;
  expect(order).toEqual(["settled", "let go", "settled"]);
});
