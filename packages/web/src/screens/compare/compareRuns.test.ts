import { foldRun } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import { describe, expect, it } from "vitest";
import { compareRuns, planDifferences } from "./compareRuns.ts";

interface Facts {
  readonly name: string;
  readonly model: string;
  readonly verdict: string;
  readonly ms: number;
  readonly tokens: number;
  readonly cost: number;
}

function runOf(instances: readonly Facts[], concurrency = 4): RunState {
  const plan = {
    name: "a",
    workspace: "/w",
    concurrency,
    limits: [],
    variables: {},
    instances: instances.map(({ name, model }) => ({ name, model, agent: "claude", needs: [] })),
  };
  const usage = { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };
  const events = instances.flatMap(({ name, verdict, ms, tokens, cost }) => [
    {
      type: "attempt-planned",
      at: 0,
      instance: name,
      attempt: 1,
      agent: "claude",
      argv: [],
      files: {},
      cwd: "/",
      marker: "",
    },
    {
      type: "attempt-ended",
      at: ms,
      instance: name,
      attempt: 1,
      verdict,
      spent: {
        byModel: { m: { usage: { ...usage, output: tokens }, costUsd: cost } },
        usage: { ...usage, output: tokens },
        costUsd: cost,
        costSource: "reported",
        final: true,
      },
      tools: {},
      turns: 1,
      events: 1,
      unreadable: 0,
      lastLines: [],
    },
    { type: "instance-settled", at: ms, instance: name, verdict, verification: "unverified", reason: "" },
  ]);
  const logged = [
    { type: "run-created", at: 0, id: "run_1", plan, machine: {}, version: "", directory: "" },
    ...events,
  ];
  const state = foldRun(logged.map((event, index) => ({ ...event, seq: index + 1 })) as unknown as LoggedEvent[]);
  if (state === undefined) throw new Error("no run");
  return state;
}

const fast = { name: "tests", model: "haiku", verdict: "succeeded", ms: 10_000, tokens: 1_000, cost: 0.01 };

describe("two runs compared", () => {
  it("differ in nothing where they are the same", () => {
    const [row] = compareRuns(runOf([fast]), runOf([fast]));
    expect(row?.differences).toEqual([]);
    expect(row?.changes).toEqual([]);
  });

  it("say in words how the second is another", () => {
    const slow = { ...fast, model: "opus", verdict: "timed_out", ms: 70_000, tokens: 9_000, cost: 0.5 };
    const [row] = compareRuns(runOf([fast]), runOf([slow]));
    expect(row?.differences).toEqual([
      "succeeded, then timed out",
      "1m0s longer",
      "8.0K more tokens",
      "$0.4900 dearer",
    ]);
    expect(row?.changes).toEqual(["model: haiku → opus"]);
  });

  it("let chance pass: less than a tenth", () => {
    const [row] = compareRuns(runOf([fast]), runOf([{ ...fast, ms: 10_900, tokens: 1_050 }]));
    expect(row?.differences).toEqual([]);
  });

  it("match instances by name, and keep what only one of them has", () => {
    const rows = compareRuns(runOf([fast, { ...fast, name: "old" }]), runOf([{ ...fast, name: "new" }, fast], 2));
    expect(rows.map(({ name, differences }) => [name, ...differences])).toEqual([
      ["tests"],
      ["old", "only in the first"],
      ["new", "only in the second"],
    ]);
    expect(planDifferences(runOf([fast]), runOf([fast], 2))).toEqual(["concurrency: 4 → 2"]);
  });
});
