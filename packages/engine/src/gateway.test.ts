import { defaultBreakers, foldRun, noUsage, waitReason } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstancePlan, LoggedEvent, RequestAmount } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import type { AskingInstance, GatewayPass, ModelGateway, RequestAnswer, RequestDesk } from "./ports.ts";
import { plainInstance, planOf, simulate } from "./testing/simulation.ts";
import type { Script } from "./testing/simulatedProcesses.ts";

interface OpenPass {
  readonly asking: AskingInstance | undefined;
  readonly desk: RequestDesk | undefined;
  readonly closed: boolean;
}

/** A gateway whose requests the test makes itself. */
function handGateway(): ModelGateway & { readonly passes: OpenPass[] } {
  const passes: OpenPass[] = [];
  return {
    passes,
    open: (_vendor, _tokenHash, asking): GatewayPass => {
      const at = passes.push({ asking, desk: undefined, closed: false }) - 1;
      return {
        url: "http://127.0.0.1:1",
        token: `token-${at}`,
        tokenHash: `hash-${at}`,
        answerTo: (desk) => (passes[at] = { asking, desk, closed: false }),
        close: () => (passes[at] = { asking, desk: passes[at]?.desk, closed: true }),
      };
    },
  };
}

function ask(pass: OpenPass | undefined, worst: RequestAmount, final = true): RequestAnswer | undefined {
  return pass?.desk?.ask({ model: "m", worst, final });
}

function settle(pass: OpenPass | undefined, request: number, tokens: number): void {
  const usage = { input: tokens, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };
  const end = { model: "m", usage, costUsd: 0, outcome: "answered", counted: "reported", durationMs: 1 } as const;
  pass?.desk?.settle(request, end);
}

const tokens = (limit: number, changes: Partial<BudgetLimit> = {}): BudgetLimit => ({
  scope: { kind: "run" },
  unit: "tokens",
  limit,
  enforcement: "block",
  ...changes,
});

/** Tells of spending by its stream as well, which must not be counted beside the gateway's. */
function talking(exit: number, afterMs = 10_000): Script {
  const usage = { input: 70, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 };
  return {
    lines: [
      { afterMs: 1, event: { type: "session", sessionId: "s" } },
      { afterMs: 1, event: { type: "usage", key: "call", model: "m", usage } },
      { afterMs, event: { type: "finished", ok: exit === 0, result: "said" } },
    ],
    exitAfterMs: afterMs + 1,
    exit: { code: exit },
  };
}

describe("an attempt on the gateway's path", () => {
  test("is given the address and a token, and what it spends is what its requests came to", async () => {
    const gateway = handGateway();
    const simulation = simulate(planOf([{ name: "a", env: { values: { PLAIN_KEY: "real" }, pass: [] } }]), {
      gateway,
      script: () => talking(0),
    });
    await simulation.advance(1);
    expect(simulation.processes.started[0]?.env).toEqual({ PLAIN_URL: "http://127.0.0.1:1", PLAIN_TOKEN: "token-0" });
    expect(ask(gateway.passes[0], { tokens: 50 })).toEqual({ is: "granted", request: 1 });
    settle(gateway.passes[0], 1, 20);
    await simulation.finish();
    const attempt = foldRun(simulation.log.events)?.instances.get("a")?.attempts[0];
    expect([attempt?.spent.usage.input, attempt?.requests?.settled]).toEqual([20, 1]);
    expect(gateway.passes[0]?.closed).toBe(true);
  });

  test("whose agent tells of far more than it asked for there has gone around it as well, and its end says how far", async () => {
    const gateway = handGateway();
    const usage = { ...noUsage, input: 50_000 };
    const more = { afterMs: 1, event: { type: "usage", key: "elsewhere", model: "m", usage } } as const;
    const script = { ...talking(0), lines: [more, ...(talking(0).lines ?? [])] };
    const simulation = simulate(planOf([{ name: "a" }]), { gateway, script: () => script });
    await simulation.advance(1);
    ask(gateway.passes[0], { tokens: 50 });
    settle(gateway.passes[0], 1, 20);
    await simulation.finish();
    const attempt = foldRun(simulation.log.events)?.instances.get("a")?.attempts[0];
    expect([attempt?.spent.usage.input, attempt?.end?.besideGateway]).toEqual([20, 50_050]);
  });

  test("whose request no budget has room for is over its budget, and the run exits with 3", async () => {
    const gateway = handGateway();
    const simulation = simulate(planOf([{ name: "a" }], { limits: [tokens(100)] }), {
      gateway,
      script: () => talking(1),
    });
    await simulation.advance(1);
    ask(gateway.passes[0], { tokens: 60 });
    settle(gateway.passes[0], 1, 60);
    expect(ask(gateway.passes[0], { tokens: 60 })?.is).toBe("refused");
    expect(await simulation.finish()).toEqual({ exitCode: 3 });
    expect(foldRun(simulation.log.events)?.instances.get("a")?.phase).toMatchObject({
      verdict: "budget_exceeded",
      reason:
        "the budget of the run has no room for a request that may cost 60 tokens: 60 tokens of 100 tokens is spent",
    });
  });

  test("that goes on after a refusal is stopped, so that nothing asks for ever", async () => {
    const gateway = handGateway();
    const simulation = simulate(planOf([{ name: "a" }], { limits: [tokens(10)] }), {
      gateway,
      script: () => talking(0, 10 * 60_000),
    });
    await simulation.advance(1);
    ask(gateway.passes[0], { tokens: 60 });
    expect(await simulation.finish()).toEqual({ exitCode: 3 });
    expect(simulation.clock.monotonic()).toBeLessThan(60_000);
  });

  test("waits where only what is set aside for others is in the way, and is granted when that comes back", async () => {
    const gateway = handGateway();
    const simulation = simulate(planOf([{ name: "a" }, { name: "b" }], { limits: [tokens(100)] }), {
      gateway,
      script: () => talking(0),
    });
    await simulation.advance(1);
    ask(gateway.passes[0], { tokens: 80 });
    expect(ask(gateway.passes[1], { tokens: 80 }, false)).toEqual({ is: "held", retryInMs: 2000 });
    expect(ask(gateway.passes[1], { tokens: 80 }, false)?.is).toBe("held");
    await simulation.advance(5);
    const said = simulation.log.events.flatMap((event) => (event.type === "attempt-progressed" ? event.activity : []));
    expect(said.filter(({ kind }) => kind === "waiting").map(({ text }) => text)).toEqual([
      "the budget of the run has no room for a request that may cost 80 tokens: 0 tokens of 100 tokens is spent and 80 tokens set aside for other requests",
    ]);
    settle(gateway.passes[0], 1, 5);
    expect(ask(gateway.passes[1], { tokens: 80 }, false)).toEqual({ is: "granted", request: 1 });
  });

  test("that a budget with a cheaper model refuses goes on in its session with that model, once", async () => {
    const gateway = handGateway();
    const plan = planOf([{ name: "a", model: "dear" }], { limits: [tokens(100, { downgrade: "cheap" })] });
    const simulation = simulate(plan, { gateway, script: () => talking(1) });
    await simulation.advance(1);
    expect(ask(gateway.passes[0], { tokens: 101 })?.is).toBe("refused");
    await simulation.advance(6);
    expect(ask(gateway.passes[1], { tokens: 101 })?.is).toBe("refused");
    expect(await simulation.finish()).toEqual({ exitCode: 3 });
    const told = simulation.log.events.filter((event) => event.type === "model-downgraded");
    expect(told.map(({ instance, model }) => [instance, model])).toEqual([["a", "cheap"]]);
    const planned = simulation.log.events.flatMap((event) => (event.type === "attempt-planned" ? [event.model] : []));
    expect(planned).toEqual(["dear", "cheap"]);
    expect(simulation.log.events.find((event) => event.type === "retry-scheduled")).toMatchObject({ resume: true });
  });

  test("begins with the cheaper model where the budget is nearly spent by then", async () => {
    const gateway = handGateway();
    const plan = planOf([{ name: "a" }, { name: "b", needs: [{ instance: "a", when: "success" }] }], {
      limits: [tokens(400, { downgrade: "cheap" })],
    });
    const simulation = simulate(plan, { gateway, script: () => talking(0) });
    await simulation.advance(1);
    ask(gateway.passes[0], { tokens: 350 });
    settle(gateway.passes[0], 1, 330);
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    const planned = simulation.log.events.flatMap((event) => (event.type === "attempt-planned" ? [event.model] : []));
    expect(planned).toEqual([undefined, "cheap"]);
  });

  describe("one of whose requests does not fit", () => {
    const next = { name: "b", needs: [{ instance: "a", when: "always" }] } as const;

    test("has spent nothing: its budget is told to be spent once it is, and what it covers starts until then", async () => {
      const gateway = handGateway();
      const simulation = simulate(planOf([{ name: "a" }, next], { limits: [tokens(100)] }), {
        gateway,
        script: (_, start) => talking(start === 1 ? 1 : 0),
      });
      const told = () => simulation.log.events.filter(({ type }) => type === "budget-exceeded");
      await simulation.advance(1);
      expect([ask(gateway.passes[0], { tokens: 101 })?.is, told()]).toEqual(["refused", []]);
      while (gateway.passes[1]?.desk === undefined) await simulation.advance(1);
      expect([ask(gateway.passes[1], { tokens: 100 })?.is, told()]).toEqual(["granted", []]);
      settle(gateway.passes[1], 1, 100);
      expect([ask(gateway.passes[1], { tokens: 1 })?.is, told()]).toMatchObject([
        "refused",
        [{ used: 100, limit: 100 }],
      ]);
      await simulation.finish();
      expect(told()).toHaveLength(1);
    });

    test("goes on with the cheaper model, and what begins after it does not before the budget is nearly spent", async () => {
      const gateway = handGateway();
      const plan = planOf(
        [
          { name: "a", model: "dear" },
          { ...next, model: "dear" },
        ],
        {
          limits: [tokens(100, { downgrade: "cheap" })],
        },
      );
      const simulation = simulate(plan, { gateway, script: (_, start) => talking(start === 1 ? 1 : 0) });
      await simulation.advance(1);
      ask(gateway.passes[0], { tokens: 101 });
      await simulation.finish();
      const planned = simulation.log.events.flatMap((event) => {
        return event.type === "attempt-planned" ? [[event.instance, event.model]] : [];
      });
      expect(planned).toEqual([
        ["a", "dear"],
        ["a", "cheap"],
        ["b", "dear"],
      ]);
    });
  });

  test("that asks the same again and again is told of once, or stopped, as the file says", async () => {
    const breakers = { ...defaultBreakers, identicalRequests: 2 };
    for (const onTrip of ["warn", "stop"] as const) {
      const gateway = handGateway();
      const plan = planOf([{ name: "a" }], { breakers: { ...breakers, onTrip } });
      const simulation = simulate(plan, { gateway, script: () => talking(1) });
      await simulation.advance(1);
      const answers = [1, 2, 3, 4].map((request) => {
        const asked = { model: "m", worst: { tokens: 5 }, final: true, fingerprint: "same" };
        const answer = gateway.passes[0]?.desk?.ask(asked);
        settle(gateway.passes[0], request, 1);
        return answer?.is;
      });
      await simulation.finish();
      const state = foldRun(simulation.log.events);
      const trips = simulation.log.events.filter((event) => event.type === "breaker-tripped");
      expect(trips.map(({ breaker, value, limit, action }) => [breaker, value, limit, action])).toEqual([
        ["identical_requests", 2, 2, onTrip],
      ]);
      const reason =
        "stopped by a circuit breaker: it asked its model the same thing again after 2 answers (identical_requests: 2)";
      const isStopped = onTrip === "stop";
      expect(answers).toEqual(["granted", "granted", isStopped ? "refused" : "granted", "granted"]);
      const phase = state?.instances.get("a")?.phase;
      expect(phase?.status === "settled" && phase.reason === reason).toBe(isStopped);
    }
  });

  test("that a spent window refuses is begun again in its session when the window has room", async () => {
    const gateway = handGateway();
    const hour = tokens(100, { scope: { kind: "window", windowMs: 3_600_000 }, enforcement: "pause" });
    const simulation = simulate(planOf([{ name: "a" }], { limits: [hour] }), {
      gateway,
      script: (_, start) => talking(start === 1 ? 1 : 0),
    });
    await simulation.advance(1);
    ask(gateway.passes[0], { tokens: 90 });
    settle(gateway.passes[0], 1, 90);
    expect(ask(gateway.passes[0], { tokens: 20 })?.is).toBe("refused");
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    const retry = simulation.log.events.find((event) => event.type === "retry-scheduled");
    expect(retry).toMatchObject({ resume: true });
    expect(simulation.clock.monotonic()).toBeGreaterThan(3_600_000);
  });

  test("is let through by its instance's priority, and its account's windows are known by that account", async () => {
    const gateway = handGateway();
    const env = { values: { PLAIN_TOKEN: "own" }, pass: [] };
    const simulation = simulate(planOf([{ name: "a", priority: 3 }, { name: "b" }, { name: "c", env }]), {
      gateway,
      script: () => talking(0),
    });
    await simulation.finish();
    const [a, b, c] = gateway.passes.map(({ asking }) => asking);
    expect([a?.priority, b?.priority, a?.account === b?.account, a?.account === c?.account]).toEqual([
      3,
      0,
      true,
      false,
    ]);
  });

  describe("whose requests are held", () => {
    /** Prints nothing but its last word, `afterMs` later; its requests are held from and until, in ms after the start. */
    async function verdictOf(
      timers: Partial<InstancePlan>,
      afterMs: number,
      holds: readonly (readonly [from: number, until: number])[],
    ) {
      const gateway = handGateway();
      const lines = [{ afterMs, event: { type: "finished", ok: true, result: "said" } } as const];
      const script = { lines, exitAfterMs: afterMs + 1, exit: { code: 0 } };
      const simulation = simulate(planOf([{ name: "a", ...timers }]), { gateway, script: () => script });
      for (const [from, until] of holds) {
        let goesOn: (() => void) | undefined;
        simulation.clock.after(from, () => (goesOn = gateway.passes[0]?.desk?.holds()));
        // Twice: a second word on it says nothing of another one.
        simulation.clock.after(until, () => goesOn?.());
        simulation.clock.after(until, () => goesOn?.());
      }
      await simulation.finish();
      const phase = foldRun(simulation.log.events)?.instances.get("a")?.phase;
      const at = (type: LoggedEvent["type"]) => simulation.log.events.find((event) => event.type === type)?.at;
      const [begun = 0, stopped] = [at("attempt-started"), at("attempt-stopping")];
      return [phase?.status === "settled" && phase.verdict, stopped === undefined ? undefined : stopped - begun];
    }

    const idle = { idleTimeoutMs: 5000 };

    test("is not taken to be idle for as long as any of them is, however long that is", async () => {
      expect(await verdictOf(idle, 244_000, [[1000, 241_000]])).toEqual(["succeeded", undefined]);
      const overlapping = [
        [1000, 100_000],
        [50_000, 241_000],
      ] as const;
      expect(await verdictOf(idle, 244_000, overlapping)).toEqual(["succeeded", undefined]);
    });

    test("is idle where its silence before and after that comes to idle_timeout", async () => {
      expect(await verdictOf(idle, 244_000, [[4000, 100_000]])).toEqual(["timed_out", 101_000]);
      const twice = [
        [2000, 10_000],
        [12_000, 20_000],
      ] as const;
      expect(await verdictOf(idle, 244_000, twice)).toEqual(["timed_out", 21_000]);
    });

    test("is given the rest of first_event_timeout afterwards, and its timeout goes on meanwhile", async () => {
      const first = { firstEventTimeoutMs: 5000 };
      expect(await verdictOf(first, 103_000, [[1000, 100_000]])).toEqual(["succeeded", undefined]);
      expect(await verdictOf(first, 110_000, [[1000, 100_000]])).toEqual(["timed_out", 104_000]);
      const wall = { timeoutMs: 50_000 };
      expect(await verdictOf(wall, 110_000, [[1000, 100_000]])).toEqual(["timed_out", 50_000]);
    });

    test("is shown as waiting until one is granted, and its last words say what it waited for", async () => {
      const gateway = handGateway();
      const simulation = simulate(planOf([{ name: "a" }]), { gateway, script: () => talking(1) });
      const reason = () => {
        const instance = foldRun(simulation.log.events)?.instances.get("a");
        return instance === undefined ? undefined : waitReason(instance);
      };
      await simulation.advance(1);
      gateway.passes[0]?.desk?.waits("the API's rate limit");
      expect(reason()).toBe("the API's rate limit");
      ask(gateway.passes[0], { tokens: 1 });
      await simulation.advance(1);
      expect(reason()).toBeUndefined();
      await simulation.finish();
      const end = foldRun(simulation.log.events)?.instances.get("a")?.attempts[0]?.end;
      expect(end?.lastLines).toContain("waits: the API's rate limit");
    });

    test("begins anew without them when it is begun again: what was held then holds nothing", async () => {
      const gateway = handGateway();
      const silent = { lines: [], exitAfterMs: 600_000, exit: { code: 0 } };
      const crashing = { lines: [], exitAfterMs: 1500, exit: { code: 1 } };
      const retry = { ...plainInstance.retry, attempts: 2, on: ["crash"] as const };
      const simulation = simulate(planOf([{ name: "a", ...idle, retry }]), {
        gateway,
        script: (_, start) => (start === 1 ? crashing : silent),
      });
      simulation.clock.after(1000, () => void gateway.passes[0]?.desk?.holds());
      await simulation.finish();
      expect(foldRun(simulation.log.events)?.instances.get("a")?.phase).toMatchObject({ verdict: "timed_out" });
    });
  });

  test("whose API tells of a used up window holds its account's starts until the reset, as if the agent had told of it", async () => {
    const gateway = handGateway();
    const own = { values: { OTHER_KEY: "own" }, pass: [] };
    const instances = [{ name: "a" }, { name: "b" }, { name: "other account", env: own }];
    const simulation = simulate(planOf(instances, { concurrency: 1 }), { gateway, script: () => talking(0) });
    await simulation.advance(1);
    const resetsAt = simulation.clock.wall() + 3_600_000;
    gateway.passes[0]?.desk?.saw({ window: "five_hour", status: "rejected", resetsAt });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    const starts = simulation.log.events.flatMap((event) =>
      event.type === "attempt-started" ? [{ name: event.instance, isLater: event.at >= resetsAt }] : [],
    );
    expect(starts).toEqual([
      { name: "a", isLater: false },
      { name: "other account", isLater: false },
      { name: "b", isLater: true },
    ]);
    expect(foldRun(simulation.log.events)?.usageWindows["plain\nfive_hour"]).toMatchObject({ status: "rejected" });
  });
});
