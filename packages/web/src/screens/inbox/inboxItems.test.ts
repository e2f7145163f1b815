import { foldRun } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { needsSomebody } from "../../data/attention.ts";
import { heldUp, inboxItem } from "./inboxItems.ts";

const at = Date.UTC(2026, 0, 1);

/** A run of one agent: `events` follow its beginning. */
function runOf(...events: readonly object[]): RunState {
  return limitedRun([], ...events);
}

function limitedRun(limits: readonly object[], ...events: readonly object[]): RunState {
  const created = {
    type: "run-created",
    id: "run_0000000001",
    plan: { name: "fix", limits, instances: [{ name: "tests", agent: "claude" }] },
    version: "0.1.0",
    source: "/home/ada/fleet.yaml",
    directory: "/runs",
    machine: {},
  };
  const logged = [created, ...events].map(
    (event, index) => ({ seq: index + 1, at, ...event }) as unknown as LoggedEvent,
  );
  const state = foldRun(logged);
  if (state === undefined) throw new Error("no run");
  return state;
}

const begun = {
  type: "attempt-planned",
  instance: "tests",
  attempt: 1,
  agent: "claude",
  argv: [],
  files: { stdout: "", stderr: "" },
  cwd: "/",
  marker: "",
};

const denied = { type: "attempt-denied", instance: "tests", attempt: 1, tool: "Bash", reason: "needs a question" };

function settled(verdict: string, reason: string): object {
  return { type: "instance-settled", instance: "tests", verdict, verification: "unverified", reason };
}

const summary = {
  run: "run_0000000001",
  name: "fix",
  created_at: new Date(at).toISOString(),
  ended_at: new Date().toISOString(),
};

describe("what waits for a person", () => {
  it("is said of every run that needs somebody, whatever is known of it", () => {
    const status = fc.constantFrom("failed", "budget_exceeded", "interrupted", "running", "succeeded", "stopped");
    const verdicts = fc.constantFrom("failed", "budget_exceeded", "blocked", "timed_out", "skipped", "succeeded");
    const fold = fc.option(
      fc
        .record({ verdict: verdicts, isDenied: fc.boolean(), reason: fc.string() })
        .map(({ verdict, isDenied, reason }) => {
          return runOf(begun, ...(isDenied ? [denied] : []), settled(verdict, reason));
        }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(status, fold, fc.boolean(), (each, state, isOver) => {
        const run = { ...summary, status: each, ended_at: isOver ? summary.ended_at : null };
        if (!needsSomebody(run)) return;
        const item = inboxItem(run, state);
        expect(item.run).toBe(run.run);
        expect(item.reasons.length).toBeGreaterThan(0);
        expect(item.actions.length).toBeGreaterThan(0);
        for (const { effect } of item.actions) expect(effect).not.toBe("");
      }),
    );
  });

  it("names the instances that failed, and why", () => {
    const item = inboxItem({ ...summary, status: "failed" }, runOf(begun, settled("failed", "exit code 1")));
    expect(item.reasons).toEqual([{ instance: "tests", sentence: "exit code 1" }]);
    expect(item.actions[0]?.effect).toBe("tests runs again, and what was skipped for its sake; what succeeded stays");
    expect(item.command).toBe("claude-orchestrator retry run_0000000001");
  });

  it("says what to write where a tool was refused", () => {
    const item = inboxItem(
      { ...summary, status: "failed" },
      runOf(begun, denied, settled("blocked", "permission was denied")),
    );
    expect(item.reasons.map(({ sentence }) => sentence)).toEqual([
      "permission was denied",
      "Bash was refused: needs a question",
    ]);
    expect(item.remedy?.text).toBe('instances:\n  - name: "tests"\n    allowed_tools: ["Bash"]');
    expect(item.actions[0]?.does).toBe("retry-changed");
  });

  it("says which budget is spent, and how a larger one is written", () => {
    const exceeded = {
      type: "budget-exceeded",
      scope: { kind: "run" },
      unit: "cost_usd",
      limit: 2,
      used: 2.1,
      enforcement: "block",
    };
    const item = inboxItem({ ...summary, status: "budget_exceeded" }, runOf(begun, exceeded));
    expect(item.reasons[0]?.sentence).toBe("The budget of the whole run is spent: $2.1000 of $2.0000");
    expect(item.remedy?.text).toBe("budget:\n  cost_usd: 4.2");
  });

  it("says which request had no room where no budget is spent, and how a larger one is written", () => {
    const limit = { scope: { kind: "run" }, unit: "cost_usd", limit: 2 };
    const added = { type: "budget-changed", ...limit, enforcement: "block" };
    const worst = { tokens: 5, costUsd: 3 };
    const refused = { type: "request-refused", instance: "tests", attempt: 1, worst, reason: "no room", limit };
    const item = inboxItem(
      { ...summary, status: "budget_exceeded" },
      runOf(added, begun, refused, settled("budget_exceeded", "no room for a request that may cost $3.0000")),
    );
    expect(item.reasons.map(({ sentence }) => sentence)).toEqual(["no room for a request that may cost $3.0000"]);
    expect(item.remedy?.text).toBe("budget:\n  cost_usd: 4");
  });

  it("tells of a run that is paused since its disk is full, and of a refusal while it works", () => {
    const running = { ...summary, status: "running", ended_at: null };
    const paused = { type: "run-paused", cause: { kind: "storage", message: "the disk is full" } };
    expect(heldUp(running, runOf(begun, paused))?.reasons).toEqual([{ sentence: "the disk is full" }]);
    expect(heldUp(running, runOf(begun, denied))?.reasons).toEqual([
      { instance: "tests", sentence: "Bash was refused: needs a question" },
    ]);
    expect(heldUp(running, runOf(begun))).toBeUndefined();
  });

  it("offers to raise the budget that holds a run up, or has ended an instance of one that goes on", () => {
    const running = { ...summary, status: "running", ended_at: null };
    const limit = {
      scope: { kind: "window", windowMs: 3_600_000 },
      unit: "tokens",
      limit: 50_000,
      enforcement: "pause",
    };
    const reason = "the budget of the last 1h is spent: 60.0K tokens of 50.0K tokens";
    const held = limitedRun([limit], { type: "instance-held", instance: "tests", reason });
    expect(heldUp(running, held)).toMatchObject({
      status: "held",
      question: "Raise the budget of any 1h and go on?",
      reasons: [{ instance: "tests", sentence: reason }],
      actions: [{ does: "raise", effect: "Asks for the amount first; with more room tests can go on" }],
      command: "claude-orchestrator budget set run_0000000001 window:1h --tokens N",
    });
    const waiting = {
      type: "attempt-progressed",
      instance: "tests",
      attempt: 1,
      activity: [{ kind: "waiting", text: reason }],
    };
    expect(heldUp(running, limitedRun([limit], begun, waiting))?.reasons).toEqual([
      { instance: "tests", sentence: reason },
    ]);
    const refused =
      "the budget of the last 1h has no room for a request that may cost 9.0K tokens: 45.0K tokens of 50.0K tokens is spent";
    const ended = heldUp(running, limitedRun([limit], begun, settled("budget_exceeded", refused)));
    expect(ended?.spent?.ended.map(({ name }) => name)).toEqual(["tests"]);
    expect(ended?.actions[0]?.effect).toContain("tests is tried again in its session");
  });

  it("says nothing of a budget that has been raised since, nor of what waits for something else", () => {
    const running = { ...summary, status: "running", ended_at: null };
    const limit = { scope: { kind: "run" }, unit: "tokens", limit: 50_000, enforcement: "pause" };
    const hold = (reason: string) => ({ type: "instance-held", instance: "tests", reason });
    const full = hold("the budget of the run is spent: 60.0K tokens of 50.0K tokens");
    const raised = { ...limit, type: "budget-changed", before: 50_000, limit: 90_000 };
    expect(heldUp(running, limitedRun([limit], full, raised))).toBeUndefined();
    expect(heldUp(running, limitedRun([limit], hold("its account has no room until 14:00")))).toBeUndefined();
  });
});
