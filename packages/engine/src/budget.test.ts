import { foldRun } from "@claude-orchestrator/domain";
import type { BudgetLimit } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { Ledger } from "./ledger.ts";
import { plainInstance, planOf, simulate } from "./testing/simulation.ts";
import type { Script } from "./testing/simulatedProcesses.ts";

const usage = (input: number) => ({
  input,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  reasoning: 0,
});

/** Spends `perTurn` tokens each second for `turns` seconds, then says its final word. */
function spender(perTurn: number, turns: number): Script {
  const lines = Array.from({ length: turns }, (_, turn) => ({
    afterMs: (turn + 1) * 1000,
    event: { type: "usage", key: `call ${turn}`, model: "m", usage: usage(perTurn) } as const,
  }));
  const last = { afterMs: turns * 1000 + 1, event: { type: "finished", ok: true, result: "spent" } as const };
  return { lines: [...lines, last], exitAfterMs: turns * 1000 + 2, exit: { code: 0 } };
}

const runLimit = (enforcement: BudgetLimit["enforcement"], limit: number): BudgetLimit => ({
  scope: { kind: "run" },
  unit: "tokens",
  limit,
  enforcement,
});

describe("a token budget of the run", () => {
  test("in block stops what spends and refuses the rest, one request over at most, and the exit code is 3", async () => {
    const plan = planOf([{ name: "a" }, { name: "b", needs: [{ instance: "a", when: "always" }] }], {
      limits: [runLimit("block", 50_000)],
    });
    const simulation = simulate(plan, { script: () => spender(20_000, 100) });
    expect(await simulation.finish()).toEqual({ exitCode: 3 });
    const state = foldRun(simulation.log.events);
    expect(state?.instances.get("a")?.spent.usage.input).toBe(60_000);
    expect(state?.instances.get("b")?.phase).toMatchObject({
      verdict: "budget_exceeded",
      reason: "not started: the budget of the run is spent: 60.0K tokens of 50.0K tokens",
    });
  });

  test("in warn tells 80 % and 100 % once each and lets all run", async () => {
    const simulation = simulate(planOf([{ name: "a" }], { limits: [runLimit("warn", 50_000)] }), {
      script: () => spender(10_000, 8),
    });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    const warned = simulation.log.events.filter((event) => event.type === "budget-warned");
    expect(warned.map((event) => [event.threshold, event.used])).toEqual([
      [0.8, 40_000],
      [1, 50_000],
    ]);
  });

  test("in pause with nothing that could free it refuses the rest once nothing runs", async () => {
    const plan = planOf([{ name: "a" }, { name: "b", needs: [{ instance: "a", when: "success" }] }], {
      limits: [runLimit("pause", 50_000)],
    });
    const simulation = simulate(plan, { script: () => spender(30_000, 2) });
    expect(await simulation.finish()).toEqual({ exitCode: 3 });
    const state = foldRun(simulation.log.events);
    expect(state?.instances.get("a")?.phase).toMatchObject({ verdict: "succeeded" });
    expect(state?.instances.get("b")?.phase).toMatchObject({ verdict: "budget_exceeded" });
  });
});

test("a window holds new starts until it frees, then goes on", async () => {
  const window: BudgetLimit = {
    scope: { kind: "window", windowMs: 3_600_000 },
    unit: "tokens",
    limit: 50_000,
    enforcement: "pause",
  };
  const plan = planOf([{ name: "a" }, { name: "b", needs: [{ instance: "a", when: "success" }] }], {
    limits: [window],
  });
  const simulation = simulate(plan, { script: () => spender(30_000, 2) });
  expect(await simulation.finish()).toEqual({ exitCode: 0 });
  expect(simulation.log.events.find((event) => event.type === "instance-held")).toMatchObject({ instance: "b" });
  const starts = simulation.log.events.filter((event) => event.type === "attempt-planned").map((event) => event.at);
  expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(3_600_000);
});

test("each limit counts only what it covers, in its own unit, and each attempt once", () => {
  const ledger = new Ledger([
    { scope: { kind: "command", command: "/review" }, unit: "cost_usd", limit: 1, enforcement: "block" },
    { scope: { kind: "instance", instance: "b" }, unit: "tokens", limit: 100, enforcement: "block" },
  ]);
  const review = { ...plainInstance, name: "a", commandKey: "/review" };
  const other = { ...plainInstance, name: "b" };
  const spent = (tokens: number, costUsd: number) =>
    ({
      spent: {
        byModel: { m: { usage: usage(tokens), costUsd } },
        usage: usage(tokens),
        costUsd,
        costSource: "reported",
        final: false,
      },
      subAgents: {},
    }) as const;
  ledger.record({ key: "a#1", instance: review }, spent(500, 0.5), 0);
  ledger.record({ key: "a#1", instance: review }, spent(900, 1.5), 1);
  ledger.record({ key: "b#1", instance: other }, spent(101, 9), 2);
  expect(ledger.crossed({ key: "a#1", instance: review }, 3).map((state) => state.used)).toEqual([1.5]);
  expect(ledger.crossed({ key: "b#1", instance: other }, 3).map((state) => state.used)).toEqual([101]);
});

test("a limit of each attempt lets the second one spend as much as the first", () => {
  const ledger = new Ledger([
    { scope: { kind: "attempt", instance: "a" }, unit: "tokens", limit: 100, enforcement: "block" },
  ]);
  const spent = { byModel: {}, usage: usage(101), costSource: "none", final: true } as const;
  ledger.record({ key: "a#1", instance: plainInstance }, { spent, subAgents: {} }, 0);
  expect(ledger.spent(plainInstance, "block", 1)).toEqual([]);
  const crossed = (key: string) => ledger.crossed({ key, instance: plainInstance }, 1).map(({ used }) => used);
  expect([crossed("a#1"), crossed("a#2")]).toEqual([[101], []]);
});

describe("an amount that a person sets while the run is at work", () => {
  const hour = (limit: number): BudgetLimit => ({
    scope: { kind: "window", windowMs: 3_600_000 },
    unit: "tokens",
    limit,
    enforcement: "pause",
  });
  const chain = planOf([{ name: "a" }, { name: "b", needs: [{ instance: "a", when: "success" }] }], {
    limits: [hour(50_000)],
  });

  test("lets what waited for a window start at once, and is what the log says from then on", async () => {
    const simulation = simulate(chain, { script: () => spender(30_000, 2) });
    await simulation.advance(12);
    expect(foldRun(simulation.log.events)?.instances.get("b")?.phase.status).toBe("held");
    expect(simulation.control.setBudget(hour(1_000_000))).toEqual({
      ok: true,
      message: "the budget of the last 1h is 1.0M tokens from now on",
    });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    expect(simulation.clock.monotonic()).toBeLessThan(3_600_000);
    const state = foldRun(simulation.log.events);
    expect([state?.plan.limits, state?.budgetsSet]).toEqual([
      [hour(1_000_000)],
      [{ ...hour(1_000_000), written: 50_000 }],
    ]);
  });

  test("below what is spent stops what spends more, as that limit says", async () => {
    const simulation = simulate(planOf([{ name: "a" }], { limits: [runLimit("block", 50_000)] }), {
      script: () => spender(1_000, 40),
    });
    await simulation.advance(20);
    simulation.control.setBudget(runLimit("block", 2_000));
    expect(await simulation.finish()).toEqual({ exitCode: 3 });
    expect(foldRun(simulation.log.events)?.instances.get("a")?.phase).toMatchObject({ verdict: "budget_exceeded" });
  });

  test("is refused for a window that is not there, and for a run that has ended", async () => {
    const simulation = simulate(planOf([{ name: "a" }]));
    expect(simulation.control.setBudget(hour(1))).toEqual({
      ok: false,
      message: "there is no budget of the last 1h in tokens to be changed",
    });
    await simulation.finish();
    expect(simulation.control.setBudget(runLimit("block", 1))).toEqual({ ok: false, message: "the run has ended" });
  });
});
