import type { InstancePlan, LoggedEvent, Plan } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { failing, planOf, succeeding } from "./testing/simulation.ts";
import type { Script } from "./testing/simulatedProcesses.ts";
import { chanceOf } from "./testing/simulator/chance.ts";
import { World } from "./testing/simulator/world.ts";

const usage = (input: number) => ({ input, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 });

/** Says who it is, spends `tokens` after a second, and is done after `takesMs`. */
function working(takesMs = 10_000, tokens = 100): Script {
  return {
    lines: [
      { afterMs: 1, event: { type: "session", sessionId: "session-1" } },
      { afterMs: 1000, event: { type: "usage", key: "first", model: "m", usage: usage(tokens) } },
      { afterMs: takesMs, event: { type: "finished", ok: true, result: "done" } },
    ],
    exitAfterMs: takesMs,
    exit: { code: 0 },
  };
}

interface Rig {
  readonly world: World;
  /** Fires alarms until `until` holds (or nothing is left to happen). */
  advance(until: (events: readonly LoggedEvent[]) => boolean): Promise<void>;
  /** As `kill -9` of the supervisor. */
  kill(): void;
}

function rigOf(plan: Plan, script: (instance: string, start: number) => Script, endsWithSupervisor: boolean): Rig {
  const world = new World({
    plan,
    chance: chanceOf(1),
    scriptOf: script,
    endsWithSupervisor,
    onStart: () => undefined,
  });
  world.supervise(Number.POSITIVE_INFINITY);
  const advance: Rig["advance"] = async (until) => {
    for (let alarms = 0; alarms < 10_000; alarms += 1) {
      for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
      if (world.end !== undefined || until(world.durable) || !world.clock.fireNext()) return;
    }
  };
  return { world, advance, kill: () => world.killSupervisor() };
}

const never = (): boolean => false;
const has = (type: LoggedEvent["type"]) => (events: readonly LoggedEvent[]) =>
  events.some((each) => each.type === type);
const plannedArgv = (events: readonly LoggedEvent[]) =>
  events.flatMap((event) => (event.type === "attempt-planned" ? [event.argv.slice(1)] : []));

async function killedAndResumed(rig: Rig, when: (events: readonly LoggedEvent[]) => boolean): Promise<void> {
  await rig.advance(when);
  rig.kill();
  rig.world.supervise(Number.POSITIVE_INFINITY);
  await rig.advance(never);
}

const spentSomething = (events: readonly LoggedEvent[]): boolean => {
  return events.some((event) => event.type === "attempt-progressed" && event.spent.usage.input > 0);
};

describe("a run whose supervisor was killed while an agent worked", () => {
  test("adopts the agent where it lives, lets it finish, and counts what it spent once", async () => {
    const rig = rigOf(planOf([{ name: "a" }]), () => working(), false);
    await killedAndResumed(rig, spentSomething);
    expect(rig.world.processes.all.length).toBe(1);
    const instance = rig.world.state?.instances.get("a");
    expect(instance?.phase).toMatchObject({ status: "settled", verdict: "succeeded" });
    expect(instance?.spent.usage.input).toBe(100);
    expect(instance?.attempts.map(({ adopted }) => adopted)).toEqual([true]);
    expect(rig.world.end).toEqual({ exitCode: 0 });
  });

  test("where the agent died with it, goes on in the same session, saying so, and keeps what had been spent", async () => {
    const rig = rigOf(planOf([{ name: "a" }]), (_, start) => (start === 1 ? working() : succeeding()), true);
    await killedAndResumed(rig, spentSomething);
    const [first, second] = plannedArgv(rig.world.durable);
    expect(first).toEqual(["a", "do it", ""]);
    expect(second?.[2]).toBe("session-1");
    expect(second?.[1]).toContain("interrupted");
    expect(second?.[1]).toContain("do it");
    const instance = rig.world.state?.instances.get("a");
    expect(instance?.attempts.map(({ end }) => end?.failure?.kind)).toEqual(["interrupted", undefined]);
    expect(instance?.attempts[0]?.spent).toMatchObject({ final: false, usage: usage(100) });
    expect(instance?.spent.usage.input).toBe(100);
    expect(instance?.phase).toMatchObject({ status: "settled", verdict: "succeeded" });
  });

  test("starts what follows by the forecast it was begun with", async () => {
    const needs = [{ instance: "a", when: "success" as const }];
    const limits = [{ scope: { kind: "run" }, unit: "tokens", limit: 150, enforcement: "block" } as const];
    const rig = rigOf(
      planOf([{ name: "a" }, { name: "b", needs, expected: { tokens: 60 } }], { limits }),
      () => working(),
      false,
    );
    await killedAndResumed(rig, spentSomething);
    expect(rig.world.state?.instances.get("a")?.phase).toMatchObject({ verdict: "succeeded" });
    expect(rig.world.state?.instances.get("b")?.phase).toMatchObject({
      verdict: "budget_exceeded",
      reason: expect.stringContaining("has no room for the p90 of its forecast, 60 tokens"),
    });
  });

  test("counts no interruption against the retry policy", async () => {
    const retry: InstancePlan["retry"] = { attempts: 2, delayMs: 1, backoff: 1, maxDelayMs: 1, on: ["rate_limit"] };
    const scripts = [working(), failing("rate_limit"), failing("rate_limit")];
    const rig = rigOf(planOf([{ name: "a", retry }]), (_, start) => scripts[start - 1] ?? succeeding(), true);
    await killedAndResumed(rig, spentSomething);
    expect(rig.world.state?.instances.get("a")?.attempts.length).toBe(3);
  });

  test("begins anew where the agent no longer knows the session", async () => {
    const lost: Script = {
      lines: [
        { afterMs: 1, event: { type: "finished", ok: false, failure: { kind: "session_not_found", message: "no" } } },
      ],
      exitAfterMs: 2,
      exit: { code: 1 },
    };
    const scripts = [working(), lost];
    const rig = rigOf(planOf([{ name: "a" }]), (_, start) => scripts[start - 1] ?? succeeding(), true);
    await killedAndResumed(rig, spentSomething);
    expect(plannedArgv(rig.world.durable).map((argv) => argv[2])).toEqual(["", "session-1", ""]);
    expect(rig.world.end).toEqual({ exitCode: 0 });
  });

  test("goes on in the session also where the attempt in between was cut off before it could say it", async () => {
    const silent: Script = { ...succeeding("done", 60_000), lines: [] };
    const scripts = [working(), silent];
    const rig = rigOf(planOf([{ name: "a" }]), (_, start) => scripts[start - 1] ?? succeeding(), true);
    await rig.advance(spentSomething);
    rig.kill();
    rig.world.supervise(Number.POSITIVE_INFINITY);
    const startedTwice = (events: readonly LoggedEvent[]): boolean => {
      return events.filter(({ type }) => type === "attempt-started").length === 2;
    };
    await killedAndResumed(rig, startedTwice);
    expect(plannedArgv(rig.world.durable).map((argv) => argv[2])).toEqual(["", "session-1", "session-1"]);
    expect(rig.world.end).toEqual({ exitCode: 0 });
  });

  test("settles what ended while nobody watched, by what it had printed", async () => {
    const rig = rigOf(planOf([{ name: "a" }]), () => working(2000), false);
    await rig.advance(spentSomething);
    rig.kill();
    while (rig.world.processes.alive > 0 && rig.world.clock.fireNext());
    rig.world.supervise(Number.POSITIVE_INFINITY);
    await rig.advance(never);
    expect(rig.world.state?.instances.get("a")?.phase).toMatchObject({ verdict: "succeeded" });
    expect(rig.world.processes.all.length).toBe(1);
  });

  test("runs no finished instance again, and goes on with the budget as it was spent", async () => {
    const plan = planOf([{ name: "a" }, { name: "b", needs: [{ instance: "a", when: "success" }] }], {
      limits: [{ scope: { kind: "run" }, unit: "tokens", limit: 150, enforcement: "block" }],
    });
    const rig = rigOf(plan, () => working(3000, 90), false);
    await killedAndResumed(rig, has("instance-settled"));
    expect(rig.world.processes.all.map(({ instance }) => instance)).toEqual(["a", "b"]);
    expect(rig.world.state?.instances.get("b")?.phase).toMatchObject({ verdict: "budget_exceeded" });
    const warned = rig.world.state?.budgetNotes.filter(({ kind }) => kind === "warned");
    expect(warned?.length).toBe(2);
  });

  test("keeps the wall timeout an attempt had, with the time that passed while nobody watched", async () => {
    const rig = rigOf(planOf([{ name: "a", timeoutMs: 5000 }]), () => working(60_000), false);
    await rig.advance(spentSomething);
    rig.kill();
    rig.world.supervise(Number.POSITIVE_INFINITY);
    await rig.advance(never);
    expect(rig.world.state?.instances.get("a")?.phase).toMatchObject({ verdict: "timed_out" });
    expect(rig.world.clock.monotonic()).toBeLessThan(6000);
  });
});

describe("an agent that is taken over before it has printed anything", () => {
  const silent: Script = { ...succeeding("done", 60_000), lines: [] };

  test("is still given up after its first_event_timeout, with the time that passed while nobody watched", async () => {
    const rig = rigOf(planOf([{ name: "a", firstEventTimeoutMs: 5000 }]), () => silent, false);
    await killedAndResumed(rig, has("attempt-started"));
    expect(rig.world.state?.instances.get("a")?.phase).toMatchObject({ verdict: "timed_out" });
    expect(rig.world.clock.monotonic()).toBeLessThan(6000);
  });

  test("and one that had printed is not", async () => {
    const rig = rigOf(planOf([{ name: "a", firstEventTimeoutMs: 5000 }]), () => working(), false);
    await killedAndResumed(rig, spentSomething);
    expect(rig.world.state?.instances.get("a")?.phase).toMatchObject({ verdict: "succeeded" });
  });
});

describe("what a person may ask of a run", () => {
  test("paused, nothing more starts and what runs goes on; unpaused, the rest follows", async () => {
    const plan = planOf([{ name: "a" }, { name: "b" }], { concurrency: 1 });
    const rig = rigOf(plan, () => working(2000), false);
    await rig.advance(has("attempt-started"));
    expect(rig.world.control?.pause()).toMatchObject({ ok: true });
    expect(rig.world.control?.pause()).toEqual({ ok: true, message: "the run is paused already" });
    await rig.advance(never);
    expect(rig.world.state?.instances.get("a")?.phase.status).toBe("settled");
    expect(rig.world.state?.instances.get("b")?.phase.status).toBe("waiting");
    expect(rig.world.control?.unpause()).toMatchObject({ ok: true });
    expect(rig.world.control?.unpause()).toEqual({ ok: true, message: "the run is not paused" });
    await rig.advance(never);
    expect(rig.world.end).toEqual({ exitCode: 0 });
    const told = rig.world.durable.filter(({ type }) => type === "run-paused" || type === "run-unpaused");
    expect(told.map(({ type }) => type)).toEqual(["run-paused", "run-unpaused"]);
  });

  test("a pause outlives its supervisor", async () => {
    const rig = rigOf(planOf([{ name: "a" }, { name: "b" }], { concurrency: 1 }), () => working(2000), false);
    await rig.advance(has("attempt-started"));
    rig.world.control?.pause();
    await killedAndResumed(rig, has("run-paused"));
    expect(rig.world.state?.instances.get("b")?.phase.status).toBe("waiting");
    expect(rig.world.end).toBeUndefined();
  });

  test("a failed instance is tried again with what was skipped for its sake, and the settled run goes on", async () => {
    const plan = planOf([
      { name: "build" },
      { name: "ship", needs: [{ instance: "build", when: "success" }] },
      { name: "docs" },
    ]);
    const rig = rigOf(plan, (name, start) => (name === "build" && start < 3 ? failing() : succeeding()), false);
    await rig.advance(never);
    expect(rig.world.end).toEqual({ exitCode: 1 });
    rig.world.supervise(Number.POSITIVE_INFINITY, ["build"]);
    await rig.advance(never);
    expect(rig.world.end).toEqual({ exitCode: 0 });
    expect(rig.world.processes.all.map(({ instance }) => instance)).toEqual(["build", "docs", "build", "ship"]);
    expect(rig.world.durable.filter(({ type }) => type === "run-reopened")).toMatchObject([
      { instances: ["build", "ship"] },
    ]);
  });

  test("stopped while it waits to be tried again and asked for anew, an instance does not wait any longer", async () => {
    const retry: InstancePlan["retry"] = { attempts: 2, delayMs: 6e5, backoff: 1, maxDelayMs: 6e5, on: ["overload"] };
    const plan = planOf([{ name: "a", retry }, { name: "b" }]);
    const script = (name: string, start: number): Script => {
      if (name === "b") return working(20_000);
      return start < 3 ? failing("overload") : succeeding();
    };
    const rig = rigOf(plan, script, false);
    await rig.advance(has("retry-scheduled"));
    expect(rig.world.control?.stopInstance("a", { force: false })).toMatchObject({ ok: true });
    await rig.advance(has("instance-settled"));
    expect(rig.world.control?.retry(["a"])).toMatchObject({ ok: true });
    await rig.advance(never);
    expect(rig.world.end).toEqual({ exitCode: 0 });
    expect(rig.world.clock.monotonic()).toBeLessThan(60_000);
  });

  test("one instance is stopped and no other", async () => {
    const rig = rigOf(planOf([{ name: "a" }, { name: "b" }]), () => working(2000), false);
    await rig.advance(has("attempt-started"));
    expect(rig.world.control?.stopInstance("a", { force: false })).toMatchObject({ ok: true });
    expect(rig.world.control?.stopInstance("nobody", { force: false })).toMatchObject({ ok: false });
    await rig.advance(never);
    const verdicts = [...(rig.world.state?.instances.values() ?? [])].map(({ phase }) => phase);
    expect(verdicts).toMatchObject([{ verdict: "stopped" }, { verdict: "succeeded" }]);
  });

  test("a stopped run that is taken up goes on in the sessions it had", async () => {
    const rig = rigOf(planOf([{ name: "a" }]), (_, start) => (start === 1 ? working() : succeeding()), false);
    await rig.advance(spentSomething);
    rig.world.control?.stop({ force: false, signal: "SIGINT" });
    await rig.advance(never);
    expect(rig.world.end).toEqual({ exitCode: 130 });
    rig.world.supervise(Number.POSITIVE_INFINITY, ["a"]);
    await rig.advance(never);
    expect(plannedArgv(rig.world.durable).map((argv) => argv[2])).toEqual(["", "session-1"]);
    expect(rig.world.end).toEqual({ exitCode: 0 });
  });
});

/** Speaks of no session and says nothing at its end: its exit code alone tells how it went, as that of a command does. */
const wordless: Script = { lines: [], exitAfterMs: 3000, exit: { code: 0 } };

describe("a program that only its exit code speaks for, taken over at its work,", () => {
  const takenOver = async (changes: Partial<InstancePlan>): Promise<Rig> => {
    const rig = rigOf(planOf([{ name: "a", ...changes }]), () => wordless, false);
    await killedAndResumed(rig, has("attempt-started"));
    return rig;
  };

  test("is not run a second time when it has come to its end: nobody saw how, and that is said", async () => {
    const { world } = await takenOver({});
    expect(world.processes.all.length).toBe(1);
    expect(world.state?.instances.get("a")?.phase).toMatchObject({ verdict: "incomplete" });
    expect(world.end).toEqual({ exitCode: 1 });
  });

  test("has succeeded where success_when says so", async () => {
    const { world } = await takenOver({ successWhen: [{ kind: "file", path: "made" }] });
    expect(world.processes.all.length).toBe(1);
    expect(world.state?.instances.get("a")?.phase).toMatchObject({ verdict: "succeeded", verification: "verified" });
  });
});
