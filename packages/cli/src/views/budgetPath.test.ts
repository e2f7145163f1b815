import { foldRun } from "@claude-orchestrator/domain";
import type { BudgetLimit, Plan, RunEvent, RunState } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { created, ended, noon, planned, samplePlan, spending } from "../testing/sampleRun.ts";
import { overshootSentence } from "./budgetLines.ts";
import { budgetPathOf, hardPathSentence, pastSentences, pathSentences } from "./budgetPath.ts";

const hardSentence = hardPathSentence([]);

function runOf(...events: readonly RunEvent[]): RunState {
  return runOfPlan(samplePlan(["a", "b"]), ...events);
}

function runOfPlan(plan: Plan, ...events: readonly RunEvent[]): RunState {
  const all = [created(plan), ...events];
  const state = foldRun(all.map((event, at) => ({ ...event, seq: at + 1, at: noon })));
  if (state === undefined) throw new Error("no run");
  return state;
}

const throughGateway = (instance: string): RunEvent => ({
  ...(planned(instance) as Extract<RunEvent, { type: "attempt-planned" }>),
  gateway: { url: "http://127.0.0.1:1", tokenHash: "" },
});
const asked = (instance: string): RunEvent => ({
  type: "request-reserved",
  instance,
  attempt: 1,
  request: 1,
  worst: { tokens: 1 },
});
const pathOf = (state: RunState, name: string) => budgetPathOf(state.instances.get(name) ?? { attempts: [] });

test("a budget is hard where every request was asked for before it was sent, and the summary says of whom it is not", () => {
  const state = runOf(throughGateway("a"), asked("a"), planned("b"));
  expect([pathOf(state, "a"), pathOf(state, "b")]).toEqual(["hard", "soft"]);
  expect(pathSentences(state)).toEqual([hardSentence, expect.stringContaining("Not so for b,")]);
  expect(pathSentences(runOf(throughGateway("a"), asked("a")))).toEqual([hardSentence]);
  expect(pathSentences(runOf(planned("a")))).toEqual([overshootSentence]);
});

test("an agent that spent without asking there has found another way, and is not called hard", () => {
  const state = runOf(throughGateway("a"), ended("a", { spent: spending(500, 0.1) }));
  expect(pathOf(state, "a")).toBe("soft");
});

test("an agent that tells of more than it asked for there goes around it as well, and it is said how far", () => {
  const end = { ...ended("a", { spent: spending(500, 0.1) }), besideGateway: 40_000 } as RunEvent;
  const state = runOf(throughGateway("a"), asked("a"), end);
  expect(pathOf(state, "a")).toBe("mixed");
  expect(pathSentences(state).at(-1)).toBe(
    "The agent of a tells of 40.0K tokens more than it asked for here: it goes around the gateway too",
  );
});

test("of a run whose gateway is on, who asked past it is named, with a budget and without", () => {
  const gateway = { upstreams: {}, allowUnpriced: false };
  const state = runOfPlan(samplePlan(["a", "b"], { gateway }), planned("b"));
  const sentence = "The gateway is on, but not all that b asked went through it: counted after the fact";
  expect(pathSentences(state)).toEqual([overshootSentence, sentence]);
  expect(pastSentences(state)).toEqual([sentence]);
  expect(pastSentences(runOf(planned("b")))).toEqual([]);
});

test("a budget that only warns is not called hard", () => {
  const limit = (enforcement: BudgetLimit["enforcement"]): BudgetLimit => ({
    scope: { kind: "run" },
    unit: "tokens",
    limit: 1,
    enforcement,
  });
  expect(hardPathSentence([limit("warn")])).toMatch(/^Budgets that only warn refuse nothing/);
  expect(hardPathSentence([limit("warn"), limit("block")])).toMatch(/is refused, unless it only warns$/);
  expect(hardPathSentence([limit("block")])).toMatch(/is refused$/);
});

test("a budget of sub-agents past the gateway is said not to be measured", () => {
  const limits = [
    { scope: { kind: "sub_agent", instance: "a" }, unit: "tokens", limit: 5, enforcement: "block" },
  ] as const;
  const plan = samplePlan(["a", "b"], { limits });
  expect(pathSentences(runOfPlan(plan, planned("a")))).toEqual([
    overshootSentence,
    "Sub-agents of a were not measured: only the gateway tells them apart",
  ]);
  expect(pathSentences(runOfPlan(plan, throughGateway("a"), asked("a")))).toEqual([hardSentence]);
  expect(pathSentences(runOfPlan(plan, planned("b")))).toEqual([overshootSentence]);
});
