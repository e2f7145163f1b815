import type { RunControl } from "@claude-orchestrator/engine";
import { acquireRunLock } from "@claude-orchestrator/store";
import { join } from "node:path";
import { expect, test } from "vitest";
import { setUpDesk } from "../supervise/desk.ts";
import { startServerRig } from "../testing/serverRig.ts";

/** What each route is asked with, so that it comes to the run. */
const bodies: Readonly<Record<string, object>> = {
  "/api/runs/{run}/budget": { tokens: 5 },
  "/api/runs/{run}/retry": { instances: ["review"] },
};

test("every action on a run at work comes to its supervisor with whoever asked for it", async () => {
  await using rig = await startServerRig();
  const { id, log } = rig.addRun([{ type: "run-started" }]);
  await log.flush();
  const directory = join(rig.runsFolder, id);
  const lock = acquireRunLock(directory);
  if (lock === undefined) throw new Error("nobody else has it");
  const heard: unknown[] = [];
  const granted = { ok: true, message: "done" } as const;
  const hear = (what: string, by: unknown) => {
    heard.push([what, by]);
    return granted;
  };
  const control: RunControl = {
    stop: ({ by }) => void hear("stop", by),
    stopInstance: (name, { by }) => hear(`stop ${name}`, by),
    pause: (by) => hear("pause", by),
    unpause: (by) => hear("unpause", by),
    setBudget: (_limit, by) => hear("budget", by),
    retry: (_names, by) => hear("retry", by),
    done: Promise.resolve({ exitCode: 0 }),
  };
  const desk = await setUpDesk(directory, control, log);
  const document = (await rig.askSigned("/api/openapi.json")).json();
  const paths = document["paths"] as Record<string, Record<string, { "x-permission": string }>>;
  const actions = Object.keys(paths).filter((path) => paths[path]?.["post"]?.["x-permission"] === "run:control");
  const statuses: Record<string, number> = {};
  for (const path of actions) {
    const question = { method: "POST", body: bodies[path] ?? {} };
    statuses[path.split("/").at(-1) ?? ""] = (await rig.askSigned(path.replace("{run}", id), question)).status;
  }
  const browser = { method: "POST", body: { instance: "review" }, headers: rig.browser() };
  expect((await rig.ask(`/api/runs/${id}/stop`, browser)).status).toBe(202);
  // What cannot be gone on with is not: it is at work.
  expect(statuses).toEqual({ stop: 202, pause: 200, unpause: 200, retry: 202, budget: 202, resume: 409 });
  const token = { kind: "token", name: "test" };
  expect(heard).toEqual([
    ...["stop", "pause", "unpause", "retry", "budget"].map((what) => [what, token]),
    ["stop review", { kind: "session", name: "sign-in link" }],
  ]);
  desk.close();
  lock.release();
});
