import { foldRun } from "@claude-orchestrator/domain";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { failing, planOf, simulate, succeeding } from "./testing/simulation.ts";
import type { Script } from "./testing/simulatedProcesses.ts";
import type { Simulation, SimulationOptions } from "./testing/simulation.ts";

function verdictsOf(simulation: Simulation): Record<string, string> {
  const state = foldRun(simulation.log.events);
  return Object.fromEntries(
    [...(state?.instances ?? [])].map(([name, { phase }]) => [
      name,
      phase.status === "settled" ? phase.verdict : phase.status,
    ]),
  );
}

function typed<Type extends LoggedEvent["type"]>(simulation: Simulation, type: Type) {
  return simulation.log.events.filter((event): event is Extract<LoggedEvent, { type: Type }> => event.type === type);
}

const prompt = (text: string) => ({ kind: "prompt", text, before: [] }) as const;

const failsIn = (...names: string[]): NonNullable<SimulationOptions["script"]> => {
  return (instance) => (names.includes(instance) ? failing() : succeeding(`${instance} done`));
};

describe("a graph of instances", () => {
  test("runs in the order of its needs and succeeds", async () => {
    const plan = planOf([
      { name: "test", needs: [{ instance: "build", when: "success" }] },
      { name: "build" },
      { name: "ship", needs: [{ instance: "test", when: "success" }] },
    ]);
    const simulation = simulate(plan);
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    expect(simulation.processes.started.map((spec) => spec.argv[1])).toEqual(["build", "test", "ship"]);
  });

  test("skips what needs a failed instance, says which, and lets the rest finish", async () => {
    const plan = planOf([
      { name: "build" },
      { name: "test", needs: [{ instance: "build", when: "success" }] },
      { name: "ship", needs: [{ instance: "test", when: "success" }] },
      { name: "docs" },
    ]);
    const simulation = simulate(plan, { script: failsIn("build") });
    expect(await simulation.finish()).toEqual({ exitCode: 1 });
    expect(verdictsOf(simulation)).toEqual({ build: "failed", test: "skipped", ship: "skipped", docs: "succeeded" });
    expect(typed(simulation, "instance-settled").find((event) => event.instance === "test")?.reason).toBe(
      "it needs `build`, which failed",
    );
  });

  test("runs a clean-up on failure, an always step, and a condition, each when its time has come", async () => {
    const plan = planOf([
      { name: "build" },
      { name: "clean", needs: [{ instance: "build", when: "failure" }] },
      { name: "report", needs: [{ instance: "build", when: "always" }] },
      { name: "cheer", needs: [{ instance: "build", when: { expression: "needs.build.status == 'succeeded'" } }] },
    ]);
    const simulation = simulate(plan, { script: failsIn("build") });
    expect(await simulation.finish()).toEqual({ exitCode: 1 });
    expect(verdictsOf(simulation)).toEqual({
      build: "failed",
      clean: "succeeded",
      report: "succeeded",
      cheer: "skipped",
    });
  });

  test("goes on past a failure declared harmless, and the run succeeds", async () => {
    const plan = planOf([
      { name: "lint", continueOnFailure: true },
      { name: "test", needs: [{ instance: "lint", when: "success" }] },
    ]);
    const simulation = simulate(plan, { script: failsIn("lint") });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    expect(verdictsOf(simulation)).toEqual({ lint: "failed", test: "succeeded" });
  });

  test("hands the answer of one instance to the prompt of the next", async () => {
    const plan = planOf([
      { name: "count" },
      {
        name: "tell",
        needs: [{ instance: "count", when: "success" }],
        work: { kind: "prompt", text: "${{ needs.count.json.n }} of ${{ needs.count.status }}", before: [] },
      },
    ]);
    const simulation = simulate(plan, { script: () => succeeding('{"n": 3}') });
    await simulation.finish();
    expect(simulation.processes.started[1]?.argv[2]).toBe("3 of succeeded");
  });

  test("starts the higher priority first, and never more than its concurrency", async () => {
    const plan = planOf([{ name: "a" }, { name: "b", priority: 5 }, { name: "c", priority: 9 }], { concurrency: 1 });
    const simulation = simulate(plan);
    await simulation.finish();
    expect(simulation.processes.started.map((spec) => spec.argv[1])).toEqual(["c", "b", "a"]);
    expect(simulation.processes.mostAlive).toBe(1);
  });

  test("keeps startup_delay between starts", async () => {
    const simulation = simulate(planOf([{ name: "a" }, { name: "b" }, { name: "c" }], { startupDelayMs: 700 }));
    await simulation.finish();
    const starts = typed(simulation, "attempt-planned").map((event) => event.at);
    expect(starts.map((at) => at - (starts[0] ?? 0))).toEqual([0, 700, 1400]);
  });
});

describe("a retry", () => {
  const retry = { attempts: 3, delayMs: 1000, backoff: 2, maxDelayMs: 60_000, on: ["rate_limit"] } as const;

  test("waits longer each time and stops at the limit", async () => {
    const simulation = simulate(planOf([{ name: "a", retry }]), { script: () => failing("rate_limit") });
    expect(await simulation.finish()).toEqual({ exitCode: 1 });
    expect(typed(simulation, "attempt-ended").length).toBe(3);
    expect(typed(simulation, "retry-scheduled").map((event) => event.until - event.at)).toEqual([1000, 2000]);
    expect(verdictsOf(simulation)).toEqual({ a: "rate_limited" });
  });

  test("is not made for what will not pass", async () => {
    const simulation = simulate(planOf([{ name: "a", retry }]), { script: () => failing("invalid_request") });
    await simulation.finish();
    expect(typed(simulation, "attempt-ended").length).toBe(1);
  });

  test("waits for the reset an agent announced", async () => {
    const resetsAt = 1_700_000_000_000 + 3_600_000;
    const limited = {
      lines: [
        { afterMs: 10, event: { type: "limit", window: "five_hour", status: "rejected", resetsAt } },
        { afterMs: 20, event: { type: "finished", ok: false, failure: { kind: "rate_limit", message: "limit" } } },
      ],
      exitAfterMs: 30,
      exit: { code: 1 },
    } as const;
    const plan = planOf([{ name: "a", retry: { ...retry, on: ["usage_limit"] } }]);
    const simulation = simulate(plan, { script: (_, start) => (start === 1 ? limited : succeeding()) });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    expect(typed(simulation, "attempt-planned")[1]?.at).toBeGreaterThanOrEqual(resetsAt);
  });

  test("continues a session that exists already", async () => {
    const clash = {
      lines: [
        { afterMs: 5, event: { type: "finished", ok: false, failure: { kind: "session_in_use", message: "in use" } } },
      ],
      exitAfterMs: 6,
      exit: { code: 1 },
    } as const;
    const plan = planOf([{ name: "a", session: { id: "nightly", resume: false, clear: false } }]);
    const simulation = simulate(plan, { script: (_, start) => (start === 1 ? clash : succeeding()) });
    expect(await simulation.finish()).toEqual({ exitCode: 0 });
    expect(simulation.processes.started.map((spec) => spec.argv[3])).toEqual(["", "nightly"]);
  });
});

test("a shared session is followed by what each really had, past one that began anew and one that never ran", async () => {
  const answering = (instance: string): Script => ({
    lines: [
      { afterMs: 1, event: { type: "session", sessionId: `of ${instance}` } },
      { afterMs: 2, event: { type: "finished", ok: true, result: "done" } },
    ],
    exitAfterMs: 3,
    exit: { code: 0 },
  });
  const after = (name: string) => [{ instance: name, when: "always" } as const];
  const simulation = simulate(
    planOf([
      { name: "one", session: { id: "s", resume: false, clear: false } },
      { name: "two", session: { id: "s", resume: false, clear: true }, needs: after("one") },
      {
        name: "never",
        session: { id: "s", resume: true, clear: false, follows: "two" },
        needs: [{ instance: "two", when: "failure" }],
      },
      { name: "three", session: { id: "s", resume: true, clear: false, follows: "never" }, needs: after("never") },
    ]),
    { script: answering },
  );
  await simulation.finish();
  expect(simulation.processes.started.map((spec) => [spec.argv[1], spec.argv[3]])).toEqual([
    ["one", ""],
    ["two", ""],
    ["three", "of two"],
  ]);
});

test("a sequence that failed part-way counts as failed for whoever waits for that", async () => {
  const step = (name: string, needs: string[] = []) => ({
    name,
    group: "s",
    needs: needs.map((instance) => ({ instance, when: "success" }) as const),
  });
  const plan = planOf([
    step("s.1"),
    step("s.2", ["s.1"]),
    { name: "onfail", needs: [{ instance: "s", when: "failure" }], work: prompt("${{ needs.s.status }}") },
    { name: "never", needs: [{ instance: "s", when: "success" }] },
  ]);
  const simulation = simulate(plan, { script: failsIn("s.1") });
  await simulation.finish();
  expect(verdictsOf(simulation)).toEqual({ "s.1": "failed", "s.2": "skipped", onfail: "succeeded", never: "skipped" });
  expect(simulation.processes.started.at(-1)?.argv[2]).toBe("failed");
});

describe("a verdict", () => {
  test("is incomplete where the process exits 0 and says nothing", async () => {
    const simulation = simulate(planOf([{ name: "a" }]), {
      script: () => ({ lines: [], exitAfterMs: 5, exit: { code: 0 } }),
    });
    expect(await simulation.finish()).toEqual({ exitCode: 1 });
    expect(verdictsOf(simulation)).toEqual({ a: "incomplete" });
  });

  test("is blocked where a tool was denied and never worked afterwards, unless the work was verified", async () => {
    const script = () =>
      ({
        lines: [
          { afterMs: 1, event: { type: "denied", tool: "Write", reason: "not allowed" } },
          { afterMs: 2, event: { type: "finished", ok: true, result: "I could not" } },
        ],
        exitAfterMs: 3,
        exit: { code: 0 },
      }) as const;
    const plan = planOf([{ name: "a" }, { name: "b", successWhen: [{ kind: "file", path: "x" }] }]);
    const simulation = simulate(plan, { script });
    await simulation.finish();
    expect(verdictsOf(simulation)).toEqual({ a: "blocked", b: "succeeded" });
  });

  test("is failed where success_when does not hold", async () => {
    const plan = planOf([{ name: "a", successWhen: [{ kind: "file", path: "x" }] }]);
    const simulation = simulate(plan, {
      checks: async () => ({ check: "x exists", ok: false, detail: "it does not" }),
    });
    await simulation.finish();
    expect(typed(simulation, "instance-settled")[0]).toMatchObject({
      verdict: "failed",
      verification: "refuted",
      reason: "not accepted: x exists: it does not",
    });
  });

  test("is timed_out by each of the three timers, whatever the exit code", async () => {
    const silent = () => ({ lines: [], exitAfterMs: 90_000, exit: { code: 0 } });
    const plan = planOf([
      { name: "wall", timeoutMs: 5000 },
      { name: "idle", idleTimeoutMs: 4000 },
      { name: "first", firstEventTimeoutMs: 3000 },
    ]);
    const simulation = simulate(plan, { script: silent });
    await simulation.finish();
    expect(verdictsOf(simulation)).toEqual({ wall: "timed_out", idle: "timed_out", first: "timed_out" });
    expect(typed(simulation, "attempt-stopping").map((event) => event.cause)).toEqual([
      { kind: "timeout", timer: "first_event", afterMs: 3000 },
      { kind: "timeout", timer: "idle", afterMs: 4000 },
      { kind: "timeout", timer: "wall", afterMs: 5000 },
    ]);
  });
});

describe("stop", () => {
  test("settles what runs and what waits, and the exit code tells the signal", async () => {
    const plan = planOf([{ name: "a" }, { name: "b", needs: [{ instance: "a", when: "success" }] }]);
    const simulation = simulate(plan, { script: () => succeeding("late", 600_000) });
    await simulation.advance(0);
    simulation.control.stop({ force: false, signal: "SIGTERM" });
    expect(await simulation.finish()).toEqual({ exitCode: 143 });
    expect(verdictsOf(simulation)).toEqual({ a: "stopped", b: "stopped" });
    expect(simulation.processes.alive).toBe(0);
  });

  test("does not wait for a log that cannot be written, before it or after", async () => {
    const simulation = simulate(planOf([{ name: "a" }, { name: "b" }]));
    simulation.log.isStuck = true;
    expect(await simulation.finish()).toBeUndefined();
    simulation.control.stop({ force: false, signal: "SIGINT" });
    expect(await simulation.finish()).toEqual({ exitCode: 130 });
    expect(simulation.log.events.at(-1)?.type).toBe("run-settled");
  });

  test.each([false, true])("starts no process whose intent is not on disk (by force: %s)", async (force) => {
    const simulation = simulate(planOf([{ name: "a" }, { name: "b" }]));
    simulation.log.isStuck = true;
    await simulation.advance(10);
    simulation.control.stop({ force, signal: "SIGINT" });
    expect(await simulation.finish()).toEqual({ exitCode: 130 });
    expect(simulation.processes.started).toEqual([]);
    expect(verdictsOf(simulation)).toEqual({ a: "stopped", b: "stopped" });
  });

  test("with force ends at once what ignores every polite signal", async () => {
    const stubborn = { lines: [], exitAfterMs: 600_000, exit: { code: 0 }, heeds: "SIGKILL" } as const;
    const simulation = simulate(planOf([{ name: "a" }]), { script: () => stubborn });
    await simulation.advance(0);
    simulation.control.stop({ force: false, signal: "SIGINT" });
    simulation.control.stop({ force: true, signal: "SIGINT" });
    expect(await simulation.finish()).toEqual({ exitCode: 130 });
    expect(simulation.clock.monotonic()).toBeLessThan(1000);
  });

  test("before the start time runs nothing", async () => {
    const simulation = simulate(planOf([{ name: "a" }]), { startAt: 1_700_000_000_000 + 3_600_000 });
    await simulation.advance(3);
    simulation.control.stop({ force: false, signal: "SIGINT" });
    expect(await simulation.finish()).toEqual({ exitCode: 130 });
    expect(simulation.processes.started).toEqual([]);
  });
});

test("a run waits for its start time on the wall clock", async () => {
  const startAt = 1_700_000_000_000 + 3_600_000;
  const simulation = simulate(planOf([{ name: "a" }]), { startAt });
  expect(await simulation.finish()).toEqual({ exitCode: 0 });
  expect(typed(simulation, "run-started")[0]?.at).toBe(startAt);
});

test("a log that cannot be written pauses the run, which goes on by itself and has why on record", async () => {
  const plan = planOf([{ name: "a" }, { name: "b", needs: [{ instance: "a", when: "success" }] }]);
  const simulation = simulate(plan);
  await simulation.advance(0);
  simulation.log.trouble({ kind: "full", message: "there is no space left" });
  await simulation.advance(100);
  expect(verdictsOf(simulation)).toEqual({ a: "succeeded", b: "waiting" });
  simulation.log.trouble(undefined);
  expect(await simulation.finish()).toEqual({ exitCode: 0 });
  expect(typed(simulation, "run-paused").map(({ cause }) => cause)).toEqual([
    { kind: "storage", message: "there is no space left" },
  ]);
});

describe("a log lost while the run goes on", () => {
  const plan = planOf([
    { name: "long" },
    { name: "next", needs: [{ instance: "long", when: "success" }] },
    { name: "last", needs: [{ instance: "next", when: "always" }] },
  ]);
  const script = (): Script => succeeding("fine", 60_000);

  test("lets what runs end, starts nothing more, settles everything and fails the run", async () => {
    const simulation = simulate(plan, { script });
    await simulation.advance(0);
    simulation.log.isLost = true;
    expect(await simulation.finish()).toEqual({ exitCode: 1 });
    expect(simulation.processes.started).toHaveLength(1);
    expect(verdictsOf(simulation)).toEqual({ long: "succeeded", next: "failed", last: "stopped" });
    const reasons = typed(simulation, "instance-settled").map(({ instance, reason }) => `${instance}: ${reason}`);
    expect(reasons).toEqual(expect.arrayContaining([expect.stringMatching(/next: .*the log is lost/)]));
    expect(reasons).toContain("last: not started: the log is lost");
  });

  test("ends the run also where it was paused for want of room before it was lost", async () => {
    const simulation = simulate(plan, { script });
    await simulation.advance(0);
    simulation.log.trouble({ kind: "full", message: "there is no space left" });
    simulation.log.isLost = true;
    simulation.log.trouble({ kind: "lost", message: "the log is lost" });
    expect(await simulation.finish()).toEqual({ exitCode: 1 });
    expect(verdictsOf(simulation)).toEqual({ long: "succeeded", next: "stopped", last: "stopped" });
  });

  test("still can be stopped", async () => {
    const together = planOf([{ name: "long" }, { name: "other" }], { startupDelayMs: 1000 });
    const simulation = simulate(together, { script });
    await simulation.advance(0);
    simulation.log.isLost = true;
    await simulation.advance(1);
    simulation.control.stop({ force: false, signal: "SIGINT" });
    expect(await simulation.finish()).toEqual({ exitCode: 130 });
    expect(verdictsOf(simulation)).toMatchObject({ long: "stopped" });
    expect(simulation.clock.monotonic()).toBeLessThan(60_000);
  });
});
