import { foldRun } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstancePlan } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { planOf, simulate, succeeding } from "./testing/simulation.ts";
import type { Script } from "./testing/simulatedProcesses.ts";

const usage = (input: number) => ({
  input,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  reasoning: 0,
});

/** Takes a second and so many tokens. */
function spender(tokens: number): Script {
  const event = { type: "usage", key: "call", model: "m", usage: usage(tokens) } as const;
  const done = succeeding();
  return { ...done, lines: [{ afterMs: 500, event }, ...done.lines] };
}

const limitOf = (changes: Partial<BudgetLimit> = {}): BudgetLimit => ({
  scope: { kind: "run" },
  unit: "tokens",
  limit: 100,
  enforcement: "block",
  ...changes,
});

const expecting = (name: string, tokens: number, changes: Partial<InstancePlan> = {}): Partial<InstancePlan> => ({
  name,
  expected: { tokens },
  ...changes,
});

describe("an instance whose p90 is known", () => {
  test("is not started where a budget has no room for it beside what is spent, and the sentence names the forecast", async () => {
    const needs = [{ instance: "a", when: "success" as const }];
    const plan = planOf([expecting("a", 60), expecting("b", 60, { needs })], { limits: [limitOf()] });
    const simulation = simulate(plan, { script: () => spender(50) });
    expect(await simulation.finish()).toEqual({ exitCode: 3 });
    const state = foldRun(simulation.log.events);
    expect(state?.instances.get("a")?.phase).toMatchObject({ verdict: "succeeded" });
    expect(state?.instances.get("b")?.phase).toMatchObject({
      verdict: "budget_exceeded",
      reason:
        "not started: the budget of the run has no room for the p90 of its forecast, 60 tokens: 50 tokens of 100 tokens is spent",
    });
  });

  test.each([0, 5000])(
    "waits for what runs where it may fit afterwards, and then starts (%i ms between starts)",
    async (startupDelayMs) => {
      const plan = planOf([expecting("a", 60), expecting("b", 60)], { limits: [limitOf()], startupDelayMs });
      const simulation = simulate(plan, { script: () => spender(30) });
      expect(await simulation.finish()).toEqual({ exitCode: 0 });
      const held = simulation.log.events.find((event) => event.type === "instance-held");
      expect(held).toMatchObject({
        instance: "b",
        reason:
          "the budget of the run has no room for the p90 of its forecast, 60 tokens: 0 tokens of 100 tokens is spent and 60 tokens expected of what runs",
      });
      const [first, second] = simulation.log.events.filter((event) => event.type === "attempt-planned");
      const ended = simulation.log.events.find((event) => event.type === "attempt-ended");
      expect([first?.instance, second?.instance]).toEqual(["a", "b"]);
      expect(second?.seq).toBeGreaterThan(ended?.seq ?? Infinity);
    },
  );

  test("waits for a window to have room for it", async () => {
    const window = limitOf({ scope: { kind: "window", windowMs: 3_600_000 }, enforcement: "pause" });
    const needs = [{ instance: "a", when: "success" as const }];
    const plan = planOf([expecting("a", 60), expecting("b", 60, { needs })], { limits: [window] });
    const simulation = simulate(plan, { script: () => spender(50) });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    expect(simulation.log.events.find((event) => event.type === "instance-held")).toMatchObject({
      instance: "b",
      until: expect.any(Number),
    });
  });

  test.each([
    ["only warns", limitOf({ enforcement: "warn" })],
    ["is another instance's", limitOf({ scope: { kind: "instance", instance: "b" } })],
    ["is in dollars, which nobody forecast", limitOf({ unit: "cost_usd", limit: 0.01 })],
  ])("starts whatever it may need of a limit that %s", async (_, limit) => {
    const simulation = simulate(planOf([expecting("a", 1e9)], { limits: [limit] }), { script: () => spender(10) });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
  });
});

test("an instance of which nothing is expected starts while anything is left", async () => {
  const needs = [{ instance: "a", when: "success" as const }];
  const plan = planOf([{ name: "a" }, { name: "b", needs }], { limits: [limitOf()] });
  const simulation = simulate(plan, { script: () => spender(50) });
  expect(await simulation.finish()).toEqual({ exitCode: 0 });
});
