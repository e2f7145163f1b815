import { describe, expect, test } from "vitest";
import { parseRunId } from "../ids.ts";
import type { LoggedEvent, RunEvent } from "../events.ts";
import { nothingSpent } from "../spending.ts";
import type { InstancePlan, NotifyTarget } from "../plan.ts";
import { foldRun } from "../runState.ts";
import { noticesOf, wantsNotice } from "./noticesOf.ts";
import type { Notice } from "./noticesOf.ts";

const noon = Date.UTC(2026, 10, 23, 12);

const many = Array.from({ length: 30 }, (_, at) => `many ${at}`);

function instance(name: string): InstancePlan {
  return {
    name,
    group: name,
    agent: "claude",
    work: { kind: "prompt", text: "do it", before: [] },
    addDirs: [],
    permissionMode: "default",
    outputFormat: "stream-json",
    session: { resume: false, clear: false },
    env: { values: {}, pass: [] },
    cwd: "/work",
    needs: [],
    retry: { attempts: 1, delayMs: 0, backoff: 1, maxDelayMs: 0, on: [] },
    priority: 0,
    continueOnFailure: false,
    successWhen: [],
    trustWorkspace: false,
  };
}

function logOf(events: readonly RunEvent[]): readonly LoggedEvent[] {
  const id = parseRunId("run_0000000001");
  if (id === undefined) throw new Error("malformed run id");
  const created: RunEvent = {
    type: "run-created",
    id,
    plan: {
      name: "nightly",
      workspace: "/work",
      concurrency: 4,
      startupDelayMs: 0,
      variables: {},
      limits: [],
      hideBudgets: false,
      instances: [instance("a"), instance("b"), ...many.map(instance)],
      notices: [],
    },
    version: "0",
    directory: "/runs/1",
    machine: { platform: "test", node: "0", cores: 1, containment: "none" },
  };
  return [created, { type: "run-started" } as const, ...events].map((event, at) => ({
    ...event,
    seq: at + 1,
    at: noon,
  }));
}

/** As whoever delivers them: of one kind and subject only the first. */
function told(events: readonly RunEvent[]): readonly Notice[] {
  const log = logOf(events);
  const notices = log.flatMap((event, at) => noticesOf(foldRun(log.slice(0, at)), event));
  return notices.filter(
    (each, at) => notices.findIndex(({ kind, subject }) => kind === each.kind && subject === each.subject) === at,
  );
}

function planned(name: string): RunEvent {
  return {
    type: "attempt-planned",
    instance: name,
    attempt: 1,
    agent: "claude",
    argv: [],
    envNames: [],
    cwd: "/work",
    files: { stdout: "o", stderr: "e" },
    marker: "m",
  };
}

function ended(name: string, kind: "authentication" | "billing" | "crash"): RunEvent {
  return {
    type: "attempt-ended",
    instance: name,
    attempt: 1,
    verdict: "failed",
    verification: "unverified",
    reason: "no",
    failure: { kind, message: "Please run /login" },
    exit: { code: 1, swept: 0 },
    durationMs: 1,
    spent: nothingSpent,
    tools: {},
    turns: 0,
    events: 0,
    unreadable: 0,
    lastLines: [],
  };
}

function settled(name: string, verdict: "succeeded" | "failed" | "blocked"): RunEvent {
  return { type: "instance-settled", instance: name, verdict, verification: "unverified", reason: "because" };
}

const budget = { scope: { kind: "run" }, unit: "cost_usd", limit: 5 } as const;

describe("noticesOf", () => {
  test("tells the end once, with how many went how", () => {
    const notices = told([
      settled("a", "succeeded"),
      settled("b", "failed"),
      { type: "run-settled", outcome: "failed", exitCode: 1, durationMs: 90_000 },
    ]);
    expect(notices).toEqual([
      {
        kind: "failed",
        subject: "settled 5",
        title: "The run failed after 1m30s",
        text: "1 succeeded, 1 failed",
        at: noon,
      },
    ]);
  });

  test.for([
    ["succeeded", "finished"],
    ["stopped", "finished"],
    ["failed", "failed"],
    ["budget_exceeded", "failed"],
  ] as const)("a run that is %s has %s", ([outcome, kind]) => {
    const [notice] = told([{ type: "run-settled", outcome, exitCode: 0, durationMs: 1 }]);
    expect(notice?.kind).toBe(kind);
  });

  test("a run that is asked for again ends again, which is news", () => {
    const end: RunEvent = { type: "run-settled", outcome: "failed", exitCode: 1, durationMs: 1 };
    expect(told([end, { type: "run-reopened", instances: ["a"] }, end])).toHaveLength(2);
  });

  test("one sign-in that is refused is told once, however many instances fail by it", () => {
    const notices = told([planned("a"), planned("b"), ended("a", "authentication"), ended("b", "authentication")]);
    expect(notices.map(({ title, instance: name }) => [title, name])).toEqual([
      ["The sign-in of claude was refused", "a"],
    ]);
    expect(told([planned("a"), ended("a", "billing")])[0]?.title).toBe("The account of claude was refused");
    expect(told([planned("a"), ended("a", "crash")])).toEqual([]);
  });

  test("each blocked instance needs attention", () => {
    const notices = told([settled("a", "blocked"), settled("b", "blocked")]);
    expect(notices.map(({ kind, instance: name }) => [kind, name])).toEqual([
      ["needs_attention", "a"],
      ["needs_attention", "b"],
    ]);
  });

  test("of thirty blocked instances ten are told, the last with a word that no more will be", () => {
    const notices = told(many.map((name) => settled(name, "blocked")));
    expect(notices).toHaveLength(10);
    expect(notices.at(-1)?.text).toContain("not told of");
  });

  test("a usage window that is used up is told once, whichever instances hear of it", () => {
    const rejected = (name: string): RunEvent => ({
      type: "limit-observed",
      instance: name,
      attempt: 1,
      window: "five_hour",
      status: "rejected",
      resetsAt: noon + 3_600_000,
    });
    const notices = told([planned("a"), planned("b"), rejected("a"), rejected("b")]);
    expect(notices.map(({ title, text }) => [title, text])).toEqual([
      ["The usage window five_hour of claude is used up", "it resets at 2026-11-23 13:00 UTC"],
    ]);
  });

  test("a budget is told at 80 and at 100 %, a pause for it and a log that cannot be written as well", () => {
    const notices = told([
      { type: "budget-warned", ...budget, used: 4, threshold: 0.8 },
      { type: "budget-warned", ...budget, used: 5, threshold: 1 },
      { type: "budget-exceeded", ...budget, used: 5, enforcement: "pause" },
      { type: "budget-exceeded", ...budget, used: 5, enforcement: "block" },
      { type: "run-paused", cause: { kind: "storage", message: "no space left" } },
      { type: "run-paused", cause: { kind: "user" } },
    ]);
    expect(notices.map(({ kind, title }) => [kind, title])).toEqual([
      ["budget_80", "80 % of the budget of the run is used"],
      ["budget_100", "100 % of the budget of the run is used"],
      ["needs_attention", "New starts wait: the budget of the run is spent"],
      ["needs_attention", "The run is paused: its log cannot be written"],
    ]);
  });
});

test("a target hears what it asked for; a failed run has finished, too", () => {
  const target = (on: NotifyTarget["on"]): NotifyTarget => ({ kind: "desktop", on });
  const notice = (kind: Notice["kind"]): Notice => ({ kind, subject: "", title: "", text: "", at: noon });
  expect(wantsNotice(target(["finished"]), notice("failed"))).toBe(true);
  expect(wantsNotice(target(["failed"]), notice("finished"))).toBe(false);
  expect(wantsNotice(target(["budget_80"]), notice("budget_100"))).toBe(false);
});
