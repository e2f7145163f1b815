import type {
  AgentEvent,
  AttemptState,
  InstancePlan,
  LoggedEvent,
  UsagePolicy,
  UsageWindow,
} from "@claude-orchestrator/domain";
import { defaultUsagePolicy, nothingSpent } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failing, plainInstance, planOf, simulate, succeeding } from "./testing/simulation.ts";
import type { Simulation } from "./testing/simulation.ts";
import { chanceOf } from "./testing/simulator/chance.ts";
import { World } from "./testing/simulator/world.ts";
import type { Script } from "./testing/simulatedProcesses.ts";
import { afterLimit, UsageGuard } from "./usageGuard.ts";

const hour = 3_600_000;

function windowOf(changes: Partial<UsageWindow> = {}): Readonly<Record<string, UsageWindow>> {
  return {
    w: { agent: "plain", account: "plain", window: "five_hour", status: "rejected", resetsAt: 5 * hour, ...changes },
  };
}

function instance(name: string, agent = "plain"): InstancePlan {
  return { ...plainInstance, name, group: name, agent };
}

/** What a fold has of the windows; the plan matters for accounts only. */
function seen(usageWindows: Readonly<Record<string, UsageWindow>>, instances: readonly InstancePlan[] = []) {
  return { usageWindows, plan: planOf(instances) };
}

function guardOf(policy: Partial<UsagePolicy> = {}, random: () => number = () => 0): UsageGuard {
  return new UsageGuard({ ...defaultUsagePolicy, ...policy }, random);
}

describe("a usage guard", () => {
  test("holds what needs the agent until the reset, and no other agent", () => {
    const guard = guardOf();
    const usageWindows = windowOf();
    expect(guard.admit(seen(usageWindows), instance("a"), 0)).toEqual({
      is: "held",
      reason: "the usage window five_hour of plain is used up",
      freesInMs: 5 * hour,
    });
    expect(guard.admit(seen(usageWindows), instance("b", "other"), 0)).toEqual({ is: "free" });
    expect(guard.admit(seen(usageWindows), instance("a"), 5 * hour)).toEqual({ is: "free" });
  });

  test.for([
    ["allowed", { status: "allowed", utilization: 0.99 }],
    ["a warning", { status: "warning", utilization: 0.99 }],
    ["a window without a reset", { status: "rejected", resetsAt: undefined }],
    ["a window that has reset", { status: "rejected", resetsAt: 10 }],
  ] as const)("lets start for %s", ([, changes]) => {
    const { resetsAt, ...rest } = windowOf(changes as Partial<UsageWindow>)["w"] ?? windowOf()["w"]!;
    const usageWindows = { w: resetsAt === undefined ? rest : { ...rest, resetsAt } };
    expect(guardOf().admit(seen(usageWindows), instance("a"), 20)).toEqual({ is: "free" });
  });

  test("keeps the reserve for people where the reset is known", () => {
    const guard = guardOf({ reserve: 0.2 });
    const used = (utilization: number) => seen(windowOf({ status: "warning", utilization }));
    expect(guard.admit(used(0.79), instance("a"), 0)).toEqual({ is: "free" });
    expect(guard.admit(used(0.81), instance("a"), 0)).toMatchObject({
      is: "held",
      reason: "81 % of the usage window five_hour of plain are used, and the rest is kept (usage_reserve)",
    });
  });

  test("does not hold an instance that signs in as somebody else", () => {
    const other = { ...instance("b"), env: { values: { ANTHROPIC_API_KEY: "${{ variables.second }}" }, pass: [] } };
    const same = { ...instance("c"), env: { values: { LOG_LEVEL: "debug" }, pass: [] } };
    const state = seen(windowOf(), [other, same]);
    expect(guardOf().admit(state, other, 0)).toEqual({ is: "free" });
    expect(guardOf().admit(state, same, 0)).toMatchObject({ is: "held" });
  });

  test("waits for the window that opens last", () => {
    const usageWindows = { ...windowOf(), week: { ...windowOf({ resetsAt: 8 * hour, window: "week" })["w"]! } };
    expect(guardOf().admit(seen(usageWindows), instance("a"), 0)).toMatchObject({ freesInMs: 8 * hour });
  });

  test("refuses at once where the policy is to fail, or the reset is too far away", () => {
    const usageWindows = windowOf();
    expect(guardOf({ onLimit: "fail" }).admit(seen(usageWindows), instance("a"), 0)).toEqual({
      is: "refused",
      verdict: "rate_limited",
      reason: "not started: the usage window five_hour of plain is used up (on_limit: fail)",
    });
    expect(guardOf({ waitMaxMs: hour }).admit(seen(usageWindows), instance("a"), 0)).toMatchObject({
      is: "refused",
      verdict: "rate_limited",
    });
  });

  test("lets go on at once where the window opens before its reset", () => {
    const guard = guardOf();
    guard.admit(seen(windowOf()), instance("a"), 0);
    expect(guard.admit(seen(windowOf({ status: "allowed" })), instance("a"), hour)).toEqual({ is: "free" });
  });

  test("never lets anybody start before the reset, whoever asks when, and everybody within the hour after it", () => {
    const moments = fc.array(fc.record({ who: fc.nat(29), at: fc.nat(6 * hour) }), { minLength: 1, maxLength: 100 });
    const chance = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 1 });
    fc.assert(
      fc.property(moments, chance, (asked, numbers) => {
        let next = 0;
        const guard = guardOf({}, () => numbers[next++ % numbers.length] ?? 0);
        const starts = new Map<string, number>();
        const usageWindows = windowOf();
        const ask = (name: string, at: number): void => {
          if (starts.has(name)) return;
          const answer = guard.admit(seen(usageWindows), instance(name), at);
          if (answer.is === "free") starts.set(name, at);
          else if (answer.is === "refused") throw new Error(answer.reason);
        };
        for (const { who, at } of asked.toSorted((a, b) => a.at - b.at)) ask(`i${who}`, at);
        expect([...starts.values()].every((at) => at >= 5 * hour)).toBe(true);
        for (let at = 6 * hour; at < 7 * hour; at += 10_000) for (const { who } of asked) ask(`i${who}`, at);
        expect(asked.every(({ who }) => starts.has(`i${who}`))).toBe(true);
      }),
    );
  });
});

function limited(endedAt: number, resetsAt: number | undefined, number = 1): AttemptState {
  return {
    number,
    agent: "plain",
    plannedAt: 0,
    argv: [],
    files: { stdout: "", stderr: "" },
    cwd: "/",
    marker: "",
    spent: nothingSpent,
    tools: {},
    turns: 0,
    events: 0,
    unreadable: 0,
    denied: [],
    checks: [],
    end: {
      at: endedAt,
      verdict: "rate_limited",
      verification: "unverified",
      reason: "",
      failure: { kind: "usage_limit", message: "used up", ...(resetsAt === undefined ? {} : { resetsAt }) },
      exit: { code: 1, swept: 0 },
      durationMs: 0,
      lastLines: [],
    },
  };
}

describe("afterLimit", () => {
  test("waits for the reset, but not further than limit_wait_max from the first of the row", () => {
    expect(afterLimit(defaultUsagePolicy, [limited(0, hour)], 1000, 0)).toEqual({
      is: "wait",
      ms: hour - 1000,
      askAfterMs: 5000,
      resume: false,
    });
    const row = [limited(0, 5 * hour), limited(5 * hour, 11 * hour, 2), limited(11 * hour, 16 * hour, 3)];
    expect(afterLimit(defaultUsagePolicy, row.slice(0, 2), 5 * hour, 0)).toMatchObject({ is: "wait" });
    expect(afterLimit(defaultUsagePolicy, row, 11 * hour, 0)).toEqual({ is: "too-long" });
  });

  test("is of no matter where the policy is to fail, or no reset is known", () => {
    expect(afterLimit({ ...defaultUsagePolicy, onLimit: "fail" }, [limited(0, hour)], 0, 0)).toBeUndefined();
    expect(afterLimit(defaultUsagePolicy, [limited(0, undefined)], 0, 0)).toBeUndefined();
    expect(afterLimit(defaultUsagePolicy, [], 0, 0)).toBeUndefined();
  });

  test("asks an account ever more seldom that says it is open and refuses", () => {
    const row = Array.from({ length: 8 }, (_, at) => limited(1000, 500, at + 1));
    const waits = row.map((_, at) => afterLimit(defaultUsagePolicy, row.slice(0, at + 1), 1000, 0));
    expect(waits.map((wait) => (wait?.is === "wait" ? wait.ms : 0))).toEqual([
      5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000,
    ]);
  });
});

const start = 1_700_000_000_000;

function hearing(event: AgentEvent, end: Extract<AgentEvent, { type: "finished" }>): Script {
  return {
    lines: [
      { afterMs: 100, event: { type: "session", sessionId: "s1" } },
      { afterMs: 500, event },
      { afterMs: 1000, event: end },
    ],
    exitAfterMs: 1010,
    exit: { code: end.ok ? 0 : 1 },
  };
}

const usedUp: AgentEvent = { type: "limit", window: "five_hour", status: "rejected", resetsAt: start + 5 * hour };

const meetsLimit = hearing(usedUp, {
  type: "finished",
  ok: false,
  failure: { kind: "usage_limit", message: "You've hit your limit", resetsAt: start + 5 * hour },
});

function startsOf(simulation: Simulation): readonly number[] {
  return simulation.log.events.filter(({ type }) => type === "attempt-started").map(({ at }) => at - start);
}

function verdictsOf(simulation: Simulation): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const event of simulation.log.events) {
    if (event.type === "instance-settled") counts[event.verdict] = (counts[event.verdict] ?? 0) + 1;
  }
  return counts;
}

const thirty = Array.from({ length: 30 }, (_, at) => ({ name: `i${at}` }));

describe("a fleet that meets its limit", () => {
  test("loses no instance: what failed by it is tried again after the reset, the rest is held, one starts after the other", async () => {
    const simulation = simulate(planOf(thirty, { concurrency: 4 }), {
      script: (_name, count) => (count <= 4 ? meetsLimit : succeeding("done", 60_000)),
    });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    expect(verdictsOf(simulation)).toEqual({ succeeded: 30 });
    const starts = startsOf(simulation);
    expect(starts).toHaveLength(34);
    const after = starts.slice(4);
    expect(after.every((at) => at >= 5 * hour)).toBe(true);
    expect(after.slice(1).every((at, index) => at - (after[index] ?? 0) >= 5000)).toBe(true);
    const held = simulation.log.events.filter((event) => event.type === "instance-held");
    expect(new Set(held.map((event) => event.instance)).size).toBeGreaterThanOrEqual(26);
    expect(held.every((event) => (event.until ?? 0) >= start + 5 * hour)).toBe(true);
    expect(held.length).toBeLessThan(70);
  });

  test("goes on with the sessions it was cut off in", async () => {
    const simulation = simulate(planOf([{ name: "a" }]), {
      script: (_name, count) => (count === 1 ? meetsLimit : succeeding()),
    });
    await simulation.finish();
    const [first, second] = simulation.processes.started.map(({ argv }) => argv);
    expect([first?.[3], second?.[3]]).toEqual(["", "s1"]);
    expect(second?.[2]).toContain("was interrupted");
  });

  test("all of which met it at once starts one after the other after the reset", async () => {
    const simulation = simulate(planOf(thirty, { concurrency: 30 }), {
      script: (_name, count) => (count <= 30 ? meetsLimit : succeeding("done", 60_000)),
    });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    const after = startsOf(simulation).slice(30);
    expect(after).toHaveLength(30);
    expect(after.slice(1).every((at, index) => at - (after[index] ?? 0) >= 5000)).toBe(true);
  });

  test.for([2, 30])(
    "on a laptop that slept over the reset starts soon, and not all at once (%i at once)",
    async (concurrency) => {
      const simulation = simulate(planOf(thirty, { concurrency }), {
        script: (_name, count) => (count <= concurrency ? meetsLimit : succeeding("done", 60_000)),
      });
      while (simulation.clock.monotonic() < hour) await simulation.advance(1);
      simulation.clock.wallShift += 7 * hour;
      const woke = simulation.clock.monotonic();
      expect(woke).toBeLessThan(hour + 60_000);
      expect(await simulation.finish()).toEqual({ exitCode: 0 });
      const after = startsOf(simulation).slice(concurrency);
      expect((after[0] ?? 0) - 7 * hour - woke).toBeLessThan(60_000);
      expect(after.slice(1).every((at, index) => at - (after[index] ?? 0) >= 5000)).toBe(true);
    },
  );

  test("has its retries still, since the limit cost none", async () => {
    const retry = { attempts: 2, delayMs: 0, backoff: 1, maxDelayMs: 0, on: ["overload"] } as const;
    const simulation = simulate(planOf([{ name: "a", retry }]), {
      script: (_name, count) => (count === 1 ? meetsLimit : count === 2 ? failing("overload") : succeeding()),
    });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    expect(startsOf(simulation)).toHaveLength(3);
  });

  test("waits on for the same reset where its supervisor is killed meanwhile", async () => {
    const world = new World({
      plan: planOf(thirty, { concurrency: 2 }),
      chance: chanceOf(7),
      scriptOf: (_name, count) => (count <= 2 ? meetsLimit : succeeding()),
      endsWithSupervisor: true,
      onStart: () => undefined,
    });
    const advance = async (until: (events: readonly LoggedEvent[]) => boolean): Promise<void> => {
      for (let alarms = 0; alarms < 50_000; alarms += 1) {
        for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
        if (world.end !== undefined || until(world.durable) || !world.clock.fireNext()) return;
      }
    };
    world.supervise(Number.POSITIVE_INFINITY);
    await advance((events) => events.filter(({ type }) => type === "instance-held").length >= 28);
    world.killSupervisor();
    world.supervise(Number.POSITIVE_INFINITY);
    await advance(() => false);
    expect(world.end).toEqual({ exitCode: 0 });
    const resumed = world.durable.findIndex(({ type }) => type === "run-resumed");
    const later = world.durable.slice(resumed).filter(({ type }) => type === "attempt-started");
    expect(later.length).toBe(30);
    expect(later.every(({ at }) => at >= start + 5 * hour)).toBe(true);
  });

  test("fails what it would wait for, where it is told to", async () => {
    const simulation = simulate(planOf(thirty, { concurrency: 4, usage: { ...defaultUsagePolicy, onLimit: "fail" } }), {
      script: () => meetsLimit,
    });
    expect(await simulation.finish()).toEqual({ exitCode: 1 });
    expect(verdictsOf(simulation)).toEqual({ rate_limited: 30 });
    expect(startsOf(simulation)).toHaveLength(4);
    expect(simulation.clock.monotonic()).toBeLessThan(hour);
  });

  test("does not wait longer than limit_wait_max", async () => {
    const simulation = simulate(planOf(thirty, { concurrency: 4, usage: { ...defaultUsagePolicy, waitMaxMs: hour } }), {
      script: () => meetsLimit,
    });
    await simulation.finish();
    expect(verdictsOf(simulation)).toEqual({ rate_limited: 30 });
    expect(simulation.clock.monotonic()).toBeLessThan(hour);
  });

  test("ends in time where the account refuses for ever", async () => {
    const simulation = simulate(planOf([{ name: "a" }, { name: "b" }]), {
      script: (_name, count) =>
        hearing(
          { ...usedUp, resetsAt: start + count * hour },
          {
            type: "finished",
            ok: false,
            failure: { kind: "usage_limit", message: "no", resetsAt: start + count * hour },
          },
        ),
    });
    expect(await simulation.finish()).toEqual({ exitCode: 1 });
    expect(simulation.clock.monotonic()).toBeLessThan(14 * hour);
  });

  test("leaves the reserve to people: what runs goes on, and nothing more starts before the reset", async () => {
    const nearlyUsed: AgentEvent = {
      type: "limit",
      window: "five_hour",
      status: "warning",
      resetsAt: start + hour,
      utilization: 0.85,
    };
    const simulation = simulate(planOf(thirty, { concurrency: 4, usage: { ...defaultUsagePolicy, reserve: 0.2 } }), {
      script: (_name, count) => (count <= 4 ? hearing(nearlyUsed, { type: "finished", ok: true }) : succeeding()),
    });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    const starts = startsOf(simulation);
    expect(starts.filter((at) => at < hour)).toHaveLength(4);
    expect(starts).toHaveLength(30);
  });
});
