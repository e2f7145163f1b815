import fc from "fast-check";
import type { RunState } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { costOverTime, heightOf, stepPath } from "./costOverTime.ts";
import { attemptRows, failedWork, modelRows, totalsByModel } from "./costRows.ts";

const usage = (input: number, cacheRead: number) => {
  return { input, output: 10, cacheRead, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };
};
const spent = (
  byModel: Readonly<Record<string, { readonly usage: ReturnType<typeof usage>; readonly costUsd?: number }>>,
) => {
  const [first] = Object.values(byModel);
  return { byModel, usage: first?.usage ?? usage(0, 0), costSource: "priced", final: true };
};

const first = spent({ opus: { usage: usage(100, 300), costUsd: 2 }, haiku: { usage: usage(50, 0) } });
const second = spent({ opus: { usage: usage(100, 0), costUsd: 3 } });
const state = {
  instances: new Map([
    ["a", { name: "a", spent: first, attempts: [{ number: 1, spent: first, end: { verdict: "failed" } }] }],
    ["b", { name: "b", spent: second, attempts: [{ number: 1, spent: second, end: { verdict: "succeeded" } }] }],
    ["c", { name: "c", spent: spent({}), attempts: [] }],
  ]),
} as unknown as RunState;

test("what each model cost for each instance, the dearest first, with the share the cache gave", () => {
  const rows = modelRows(state);
  expect(rows.map(({ instance, model, cost, cacheShare }) => [instance, model, cost, cacheShare])).toEqual([
    ["b", "opus", 3, 0],
    ["a", "opus", 2, 0.75],
    ["a", "haiku", undefined, 0],
  ]);
  expect(totalsByModel(rows).map(({ model, tokens, cost }) => [model, tokens, cost])).toEqual([
    ["opus", 520, 5],
    ["haiku", 60, undefined],
  ]);
});

test("what went into attempts without success is counted by itself", () => {
  const rows = attemptRows(state);
  expect(rows.map(({ instance, standing }) => [instance, standing])).toEqual([
    ["b", "succeeded"],
    ["a", "failed"],
  ]);
  expect(failedWork(rows)).toEqual({ attempts: 1, tokens: 410, cost: 2 });
});

test("however many steps there are, the line ends at what was spent in all", () => {
  const step = fc.record({
    at: fc.nat(),
    tokens: fc.nat({ max: 1000 }),
    cost: fc.double({ min: 0, max: 5, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step), fc.integer({ min: 1, max: 20 }), (steps, most) => {
      const points = costOverTime(steps, most);
      expect(points.length).toBeLessThanOrEqual(most + 1);
      expect(points.at(-1)?.tokens ?? 0).toBe(steps.reduce((sum, { tokens }) => sum + tokens, 0));
      expect(points.map(({ cost }) => cost)).toEqual(points.map(({ cost }) => cost).toSorted((a, b) => a - b));
    }),
  );
});

test("the line begins at nothing, rises where something was spent, and goes on to the end", () => {
  const shape = { width: 100, height: 50, from: 0, to: 10, most: 4 };
  const points = [
    { at: 2, cost: 1, tokens: 0 },
    { at: 5, cost: 4, tokens: 0 },
  ];
  expect(stepPath(points, shape)).toBe("M0 50 H20 V37.5 H50 V0 H100");
  expect(heightOf(2, shape)).toBe(25);
});
