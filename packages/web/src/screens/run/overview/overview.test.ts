import { foldRun } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunState } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { spendingSteps } from "../../../budget/spendingSteps.ts";
import { budgetUse } from "../../../budget/budgetUse.ts";
import { instanceRows } from "./instanceRows.ts";

const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };
const spent = (tokens: number, costUsd: number) => ({
  byModel: { opus: { usage: { ...usage, output: tokens }, costUsd } },
  usage: { ...usage, output: tokens },
  costUsd,
  costSource: "priced",
  final: true,
});

/** Events as the log has them, with the least in them. */
function log(...events: readonly Record<string, unknown>[]): readonly LoggedEvent[] {
  return events.map((event, index) => ({ seq: index + 1, ...event })) as unknown as readonly LoggedEvent[];
}

function stateOf(events: readonly LoggedEvent[]): RunState {
  const state = foldRun(events);
  if (state === undefined) throw new Error("no run");
  return state;
}

const instance = (name: string) => ({ name, group: name, needs: [] });
const limits = [
  { scope: { kind: "run" }, unit: "cost_usd", limit: 10, enforcement: "block" },
  { scope: { kind: "instance", instance: "b" }, unit: "tokens", limit: 100, enforcement: "warn" },
  { scope: { kind: "window", windowMs: 50 }, unit: "tokens", limit: 100, enforcement: "pause" },
];
const created = { type: "run-created", at: 0, plan: { instances: ["a", "b", "c"].map(instance), limits } };
const planned = (name: string, at: number) => ({ type: "attempt-planned", at, instance: name, attempt: 1 });
const told = (name: string, at: number, tokens: number, cost: number) => ({
  type: "attempt-progressed",
  at,
  instance: name,
  attempt: 1,
  spent: spent(tokens, cost),
  activity: [],
});

const events = log(
  created,
  planned("a", 10),
  planned("b", 10),
  told("a", 20, 40, 2),
  told("b", 30, 130, 1),
  told("a", 100, 60, 3),
  {
    type: "instance-settled",
    at: 110,
    instance: "b",
    verdict: "failed",
    verification: "unverified",
    reason: "it broke",
  },
  {
    type: "instance-settled",
    at: 110,
    instance: "a",
    verdict: "succeeded",
    verification: "unverified",
    reason: "done",
  },
);

test("what is told are totals: a step is what came to them", () => {
  expect(spendingSteps(events)).toEqual([
    { at: 20, tokens: 40, cost: 2 },
    { at: 30, tokens: 130, cost: 1 },
    { at: 100, tokens: 20, cost: 1 },
  ]);
});

test("what the gateway counted is not counted again by what the agent tells", () => {
  const settled = {
    type: "request-settled",
    at: 15,
    instance: "a",
    attempt: 1,
    request: 1,
    usage: { ...usage, input: 7 },
  };
  expect(spendingSteps(log({ ...settled, costUsd: 1 }, told("a", 20, 40, 2)))).toEqual([
    { at: 15, tokens: 7, cost: 1 },
  ]);
});

test("a limit counts what it covers, and a window only what is not older", () => {
  const uses = budgetUse(stateOf(events), spendingSteps(events), 120);
  expect(uses.map(({ spent: used, left }) => [used, left])).toEqual([
    [4, 6],
    [130, -30],
    [20, 80],
  ]);
});

test("what is set aside for requests under way is not left", () => {
  const reserved = {
    type: "request-reserved",
    at: 12,
    instance: "a",
    attempt: 1,
    request: 1,
    worst: { tokens: 9, costUsd: 4 },
  };
  const [use] = budgetUse(stateOf(log(created, planned("a", 10), reserved)), [], 20);
  expect(use).toMatchObject({ spent: 0, reserved: 4, left: 6 });
});

test("what failed stands first, then what waits, then what succeeded; with its reason", () => {
  expect(instanceRows(stateOf(events)).map(({ name, standing, words }) => [name, standing, words])).toEqual([
    ["b", "failed", "it broke"],
    ["c", "waiting", ""],
    ["a", "succeeded", "done"],
  ]);
});
