import { foldRun } from "@claude-orchestrator/domain";
import type { InstancePlan, Need } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { failing, planOf, simulate } from "./testing/simulation.ts";
import type { Script } from "./testing/simulatedProcesses.ts";

/** Any graph: an instance may need earlier ones only, under any condition. */
const anyInstances: fc.Arbitrary<readonly Partial<InstancePlan>[]> = fc
  .array(
    fc.record({
      needs: fc.array(
        fc.tuple(
          fc.nat(20),
          fc.constantFrom<Need["when"]>("success", "failure", "always", { expression: "needs.nobody.x == 1" }),
        ),
        { maxLength: 3 },
      ),
      priority: fc.integer({ min: -2, max: 2 }),
      continueOnFailure: fc.boolean(),
      retries: fc.integer({ min: 1, max: 3 }),
      timeoutMs: fc.option(fc.integer({ min: 1, max: 4000 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((drafts) =>
    drafts.map(({ needs, retries, timeoutMs, ...draft }, index) => ({
      ...draft,
      name: `i${index}`,
      needs: index === 0 ? [] : needs.map(([to, when]) => ({ instance: `i${to % index}`, when })),
      retry: { attempts: retries, delayMs: 100, backoff: 2, maxDelayMs: 1000, on: ["rate_limit", "crash"] as const },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    })),
  );

const anyScript: fc.Arbitrary<Script> = fc.oneof(
  fc.integer({ min: 0, max: 5000 }).map((ms): Script => ({
    lines: [
      {
        afterMs: ms,
        event: {
          type: "usage",
          key: "k",
          model: "m",
          usage: { input: ms, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, reasoning: 0 },
        },
      },
      { afterMs: ms, event: { type: "finished", ok: true, result: "ok" } },
    ],
    exitAfterMs: ms,
    exit: { code: 0 },
  })),
  fc.constantFrom(failing("invalid_request"), failing("rate_limit")),
  fc.constantFrom<Script>(
    { lines: [], exitAfterMs: 10, exit: { code: 0 } },
    { lines: [], exitAfterMs: 10, exit: { code: 2 } },
    { lines: [], exitAfterMs: 10, exit: { signal: "SIGSEGV" } },
    { lines: [], exitAfterMs: 0, exit: { spawnError: "ENOENT" } },
    { lines: [], exitAfterMs: 900_000, exit: { code: 0 }, heeds: "SIGKILL" },
  ),
);

const anyRun = fc.record({
  instances: anyInstances,
  scripts: fc.array(anyScript, { minLength: 1, maxLength: 8 }),
  concurrency: fc.integer({ min: 1, max: 4 }),
  stopAfter: fc.option(fc.nat(40), { nil: undefined }),
  force: fc.boolean(),
  limit: fc.option(fc.integer({ min: 1, max: 8000 }), { nil: undefined }),
});

async function play(run: typeof anyRun extends fc.Arbitrary<infer Run> ? Run : never) {
  const limits =
    run.limit === undefined
      ? []
      : [{ scope: { kind: "run" }, unit: "tokens", limit: run.limit, enforcement: "block" } as const];
  const simulation = simulate(planOf(run.instances, { concurrency: run.concurrency, limits }), {
    script: (_, start) => run.scripts[start % run.scripts.length] ?? failing(),
  });
  if (run.stopAfter !== undefined) {
    await simulation.advance(run.stopAfter);
    simulation.control.stop({ force: run.force, signal: "SIGINT" });
  }
  return { simulation, end: await simulation.finish() };
}

test("every run ends, with every instance settled, no process left, and never more alive than its concurrency", async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const { simulation, end } = await play(run);
      expect(end).toBeDefined();
      expect(simulation.processes.alive).toBe(0);
      expect(simulation.processes.mostAlive).toBeLessThanOrEqual(run.concurrency);
      const state = foldRun(simulation.log.events);
      expect([...(state?.instances.values() ?? [])].filter(({ phase }) => phase.status !== "settled")).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("the log is gapless, ends with run-settled, plans before it starts, and ends each attempt once", async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const { simulation } = await play(run);
      const { events } = simulation.log;
      expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.filter((event) => event.type === "run-settled").length).toBe(1);
      expect(events.at(-1)?.type).toBe("run-settled");
      const key = (event: { instance: string; attempt: number }) => `${event.instance}#${event.attempt}`;
      const planned = events.filter((event) => event.type === "attempt-planned").map(key);
      const ended = events.filter((event) => event.type === "attempt-ended").map(key);
      expect(new Set(planned).size).toBe(planned.length);
      expect(ended.toSorted()).toEqual(planned.toSorted());
    }),
    { numRuns: 200 },
  );
});

test("any prefix of a log folds, and folding it in two parts gives what folding it whole gives", async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, fc.nat(), async (run, cut) => {
      const { events } = (await play(run)).simulation.log;
      const at = cut % (events.length + 1);
      const first = foldRun(events.slice(0, at));
      expect(foldRun(events.slice(at), first)).toEqual(foldRun(events));
    }),
    { numRuns: 100 },
  );
});
