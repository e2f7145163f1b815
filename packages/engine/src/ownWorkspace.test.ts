import type { PreparedWorkspace, WorkspaceChanges } from "@claude-orchestrator/domain";
import { foldRun } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import type { WorkspaceOrder, Workspaces } from "./ports.ts";
import { planOf, simulate, succeeding } from "./testing/simulation.ts";

const made: PreparedWorkspace = { kind: "worktree", path: "/apart/a", branch: "orchestrator/r/a", base: "abc" };
const changes: WorkspaceChanges = { commits: 1, files: 2, insertions: 3, deletions: 4, uncommitted: 1 };
const plan = planOf([
  { name: "a", isolation: { kind: "worktree", base: "HEAD", link: [], submodules: false } },
  { name: "b" },
]);

function workspaces(answers: Partial<Workspaces> = {}): Workspaces & { readonly orders: WorkspaceOrder[] } {
  const orders: WorkspaceOrder[] = [];
  return {
    orders,
    cwdOf: (name) => (name === "a" ? "/apart/a/sub" : undefined),
    prepare: async (order) => {
      orders.push(order);
      return made;
    },
    record: async () => changes,
    ...answers,
  };
}

describe("an instance with a folder of its own", () => {
  test("runs in it, once it is there, and what changed is recorded before the attempt ends", async () => {
    const run = simulate(plan, { workspaces: workspaces() });
    expect(await run.finish()).toEqual({ exitCode: 0 });
    const types = run.log.events.flatMap((event) =>
      "instance" in event && event.instance === "a" ? [event.type] : [],
    );
    expect(types).toEqual([
      "attempt-planned",
      "workspace-prepared",
      "attempt-started",
      "workspace-recorded",
      "attempt-progressed",
      "attempt-ended",
      "instance-settled",
    ]);
    const state = foldRun(run.log.events)?.instances;
    expect(state?.get("a")).toMatchObject({ workspace: made, changes, attempts: [{ cwd: "/apart/a/sub" }] });
    expect(state?.get("b")).toMatchObject({ attempts: [{ cwd: "/nowhere" }] });
    expect(state?.get("b")?.workspace).toBeUndefined();
  });

  test("fails as not started, in git's words, where the folder cannot be had", async () => {
    const problem = "the worktree could not be made: fatal: invalid reference: nowhere";
    const started: string[] = [];
    const run = simulate(plan, {
      workspaces: workspaces({ prepare: async () => ({ problem }) }),
      script: (name) => {
        started.push(name);
        return succeeding();
      },
    });
    expect(await run.finish()).toEqual({ exitCode: 1 });
    expect(started).toEqual(["b"]);
    expect(foldRun(run.log.events)?.instances.get("a")).toMatchObject({
      phase: { status: "settled", verdict: "failed", reason: problem },
      attempts: [{ end: { failure: { kind: "not_started", message: problem } } }],
    });
  });

  test("is given up, without a process, when it is stopped while its folder is made", async () => {
    const given: Promise<unknown>[] = [];
    const run = simulate(plan, {
      workspaces: workspaces({
        prepare: async ({ cancelled }) => {
          given.push(cancelled);
          await cancelled;
          return { problem: "given up" };
        },
      }),
    });
    await run.advance(0);
    run.control.stop({ force: false });
    expect(await run.finish()).toEqual({ exitCode: 130 });
    expect(given).toHaveLength(1);
    expect(foldRun(run.log.events)?.instances.get("a")).toMatchObject({
      phase: { status: "settled", verdict: "stopped", reason: "stopped on request" },
    });
  });
});
