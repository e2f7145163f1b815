import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeRunId } from "../ids.ts";
import type { InstancePlan, Plan } from "../plan.ts";
import { checkForecasts } from "./checkForecasts.ts";
import { normalFrom, normalQuantile, seededRandom } from "./chance.ts";
import { forecastRun } from "./forecastRun.ts";
import { makespan } from "./makespan.ts";
import type { History, Observation, PastRun } from "./observation.ts";
import { historyOf } from "./observation.ts";

const instanceOf = (changes: Partial<InstancePlan> = {}): InstancePlan => ({
  name: "review",
  group: changes.name ?? "review",
  agent: "claude",
  work: { kind: "prompt", text: "/review src", before: [] },
  commandKey: "/review",
  model: "claude-sonnet-4-5",
  addDirs: [],
  permissionMode: "default",
  outputFormat: "stream-json",
  session: { resume: false, clear: false },
  env: { values: {}, pass: [] },
  cwd: "/work",
  needs: [],
  retry: { attempts: 1, delayMs: 0, backoff: 2, maxDelayMs: 60_000, on: [] },
  priority: 0,
  continueOnFailure: false,
  successWhen: [],
  trustWorkspace: false,
  ...changes,
});

const planOf = (instances: readonly Partial<InstancePlan>[], changes: Partial<Plan> = {}): Plan => ({
  name: "nightly",
  workspace: "/work",
  concurrency: 4,
  startupDelayMs: 0,
  variables: {},
  limits: [],
  hideBudgets: false,
  instances: instances.map(instanceOf),
  notices: [],
  ...changes,
});

const seen = (changes: Partial<Observation> = {}): Observation => ({
  at: 1,
  run: "nightly",
  name: "review",
  group: changes.name ?? "review",
  commandKey: "/review",
  agent: "claude",
  model: "claude-sonnet-4-5",
  tokens: 100_000,
  costUsd: 0.5,
  durationMs: 60_000,
  ...changes,
});

const history = (observations: readonly Observation[]): History => ({ observations, skipped: [] });
const none = history([]);
const times = (count: number, one: Partial<Observation> = {}): readonly Observation[] =>
  Array.from({ length: count }, () => seen(one));

const amount = fc.double({ min: 0, max: 1e9, noNaN: true });
const anyObservation = fc
  .record({
    name: fc.constantFrom("a", "b", "c"),
    model: fc.constantFrom("claude-sonnet-4-5", "claude-opus-5-5"),
    tokens: amount,
    costUsd: fc.option(fc.double({ min: 0, max: 1e5, noNaN: true }), { nil: undefined }),
    durationMs: amount,
  })
  .map(({ costUsd, ...rest }): Observation => {
    const { costUsd: _, ...base } = seen(rest);
    return costUsd === undefined ? base : { ...base, costUsd };
  });

const anyPlan = fc
  .record({
    models: fc.array(fc.constantFrom("claude-sonnet-4-5", "claude-opus-5-5", "nobody-knows", undefined), {
      minLength: 1,
      maxLength: 6,
    }),
    needs: fc.array(fc.nat({ max: 5 }), { minLength: 6, maxLength: 6 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    startupDelayMs: fc.nat({ max: 5000 }),
  })
  .map(({ models, needs, ...rest }) => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const instances = models.map((model, at): Partial<InstancePlan> => {
      const need = needs[at] ?? 0;
      const after = need < at ? [{ instance: names[need] ?? "a", when: "success" as const }] : [];
      const { model: _, ...plain } = instanceOf({ name: names[at] ?? "f", needs: after });
      return model === undefined ? { ...plain, agent: "gemini" } : { ...plain, model };
    });
    return planOf(instances, rest);
  });

describe("any plan with any history", () => {
  test("has a forecast of real numbers, its p90 no less than its p50, that of the run no less than any instance's", () => {
    fc.assert(
      fc.property(anyPlan, fc.array(anyObservation, { maxLength: 30 }), (plan, observations) => {
        const forecast = forecastRun(plan, history(observations), { draws: 100 });
        for (const { tokens, costUsd, durationMs } of [...forecast.instances, forecast]) {
          for (const spread of [tokens, costUsd, durationMs]) {
            if (spread === undefined) continue;
            expect(Number.isFinite(spread.p50) && Number.isFinite(spread.p90)).toBe(true);
            expect(spread.p50).toBeGreaterThanOrEqual(0);
            expect(spread.p90).toBeGreaterThanOrEqual(spread.p50);
          }
        }
        for (const quantile of ["p50", "p90"] as const) {
          for (const { tokens, costUsd, durationMs } of forecast.instances) {
            expect(forecast.tokens[quantile]).toBeGreaterThanOrEqual(tokens[quantile]);
            expect(forecast.durationMs[quantile]).toBeGreaterThanOrEqual(durationMs[quantile]);
            expect(forecast.costUsd?.[quantile] ?? Infinity).toBeGreaterThanOrEqual(costUsd?.[quantile] ?? 0);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("is forecast the same each time", () => {
    const ask = (): unknown => forecastRun(planOf([{ name: "a" }, { name: "b" }]), history(times(3)));
    expect(ask()).toEqual(ask());
  });

  test("is forecast no wider by one more of what has run", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.double({ min: 1, max: 1e8, noNaN: true }), (count, tokens) => {
        const width = (runs: number): number => {
          const [one] = forecastRun(planOf([{}]), history(times(runs, { tokens })), { draws: 100 }).instances;
          return Math.log1p(one?.tokens.p90 ?? 0) - Math.log1p(one?.tokens.p50 ?? 0);
        };
        expect(width(count + 1)).toBeLessThanOrEqual(width(count) + 1e-9);
      }),
    );
  });
});

describe("where a forecast comes from", () => {
  const basisOf = (observations: readonly Observation[], instance: Partial<InstancePlan> = {}): unknown =>
    forecastRun(planOf([instance]), history(observations), { draws: 10 }).instances[0]?.basis;

  test("is the narrowest kind of work that has run here", () => {
    expect(basisOf(times(12))).toEqual({ kind: "instance", count: 12 });
    expect(basisOf(times(8, { name: "review (os=linux)", group: "review" }))).toEqual({ kind: "group", count: 8 });
    expect(basisOf(times(5, { run: "other" }))).toEqual({ kind: "command", count: 5 });
    expect(basisOf(times(4, { run: "other", commandKey: "/fix" }))).toEqual({ kind: "model", count: 4 });
    expect(basisOf(times(3, { model: "claude-opus-5-5" }))).toEqual({ kind: "agent", count: 3 });
    expect(basisOf(times(3, { agent: "codex" }))).toEqual({ kind: "prior" });
  });

  test("draws it near to what ran, the nearer the more often it ran", () => {
    const middle = (count: number): number =>
      forecastRun(planOf([{}]), history(times(count)), { draws: 100 }).instances[0]?.tokens.p50 ?? 0;
    expect(middle(0)).toBeGreaterThan(290_000);
    expect(middle(3)).toBeLessThan(middle(1));
    expect(middle(30)).toBeGreaterThan(95_000);
    expect(middle(30)).toBeLessThan(105_000);
  });

  test("is not spoilt by an attempt that ended before it had asked anything", () => {
    const spread = (observations: readonly Observation[]): number =>
      forecastRun(planOf([{}]), history(observations), { draws: 100 }).instances[0]?.tokens.p90 ?? 0;
    expect(spread([...times(10), seen({ tokens: 0 })])).toBeLessThan(500_000);
  });
});

describe("a run as a whole", () => {
  test("has a p90 below the sum of its instances'", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const runs = [0.5, 0.7, 0.9, 1, 1.2, 1.5, 2].flatMap((factor) => times(1, { tokens: 1e5 * factor }));
    const { tokens, instances } = forecastRun(planOf(names.map((name) => ({ name }))), history(runs));
    const sum = instances.reduce((total, each) => total + each.tokens.p90, 0);
    expect(tokens.p90).toBeLessThan(sum * 0.9);
  });

  test("of one instance is that instance", () => {
    const { instances, tokens, costUsd, durationMs } = forecastRun(planOf([{}]), history(times(4)));
    expect(instances[0]).toMatchObject({ tokens, costUsd, durationMs });
  });

  test("says of each limit what will count against it, and how likely that is too much", () => {
    const limit = { scope: { kind: "instance", instance: "a" }, unit: "tokens", enforcement: "block" } as const;
    const plan = planOf([{ name: "a" }, { name: "b" }], {
      limits: [
        { ...limit, limit: 1 },
        { ...limit, limit: 1e12 },
      ],
    });
    const forecast = forecastRun(plan, none);
    expect(forecast.limits.map(({ over }) => over)).toEqual([1, 0]);
    expect(forecast.limits[0]?.amount).toEqual(forecast.instances[0]?.tokens);
  });

  test("leaves out what its conditions mostly kept from running", () => {
    const skipped = Array.from({ length: 99 }, () => ({ at: 1, run: "nightly", name: "review" }));
    const forecast = forecastRun(planOf([{}]), { observations: [], skipped });
    expect(forecast.instances[0]?.chance).toBe(0.01);
    expect(forecast.tokens.p50).toBe(0);
  });

  test("never takes longer than its timeouts let it", () => {
    const forecast = forecastRun(planOf([{ timeoutMs: 1000, retry: { ...instanceOf().retry, attempts: 3 } }]), none);
    expect(forecast.durationMs.p90).toBeCloseTo(3000, 6);
  });
});

describe("the schedule that is made up", () => {
  const after = (...needs: number[]): { readonly after: readonly number[] } => ({ after: needs });

  test.each([
    { how: "side by side", slots: { concurrency: 2 }, jobs: [after(), after()], durations: [5, 3], lasts: 5 },
    { how: "one at a time", slots: { concurrency: 1 }, jobs: [after(), after()], durations: [5, 3], lasts: 8 },
    { how: "one after the other", slots: {}, jobs: [after(), after(0), after(1)], durations: [1, 2, 3], lasts: 6 },
    {
      how: "with a delay between starts",
      slots: { startupDelayMs: 10 },
      jobs: [after(), after(), after()],
      durations: [1, 1, 1],
      lasts: 21,
    },
    { how: "past one that does not run", slots: {}, jobs: [after(), after(0)], durations: [undefined, 4], lasts: 4 },
    { how: "of nothing", slots: {}, jobs: [], durations: [], lasts: 0 },
  ])("lasts as the graph does $how", ({ slots, jobs, durations, lasts }) => {
    expect(makespan(jobs, durations, { concurrency: 9, startupDelayMs: 0, ...slots })).toBe(lasts);
  });
});

test("the quantiles of the normal distribution are those of the tables", () => {
  const known = [0.001, 0.025, 0.1, 0.5, 0.9, 0.975, 0.999].map((share) => normalQuantile(share));
  const tables = [-3.0902, -1.96, -1.2816, 0, 1.2816, 1.96, 3.0902];
  for (const [at, expected] of tables.entries()) expect(known[at]).toBeCloseTo(expected, 3);
});

/** Runs of one plan whose truth is known: each instance's figures are log-normal, the logarithm's deviation `spread`. */
function madeUpRuns(count: number, spread: number): readonly PastRun[] {
  const random = seededRandom(7);
  const plan = planOf([{ name: "a" }, { name: "b" }, { name: "c", commandKey: "/fix" }]);
  return Array.from({ length: count }, (_, run): PastRun => {
    const at = run * 1000;
    const observations = plan.instances.map(({ name, commandKey = "" }, index) => {
      const factor = Math.exp(spread * normalFrom(random)) * (index + 1);
      return seen({
        at: at + 500,
        name,
        commandKey,
        tokens: 1e5 * factor,
        costUsd: 0.2 * factor,
        durationMs: 6e4 * factor,
      });
    });
    const sum = (pick: (each: Observation) => number): number =>
      observations.reduce((total, each) => total + pick(each), 0);
    const durationMs = Math.max(...observations.map((each) => each.durationMs));
    return {
      id: makeRunId(at, () => 0),
      createdAt: at,
      plan,
      observations,
      skipped: [],
      came: { tokens: sum((each) => each.tokens), costUsd: sum((each) => each.costUsd ?? 0), durationMs },
    };
  });
}

describe("forecasts held against runs whose truth is known", () => {
  const check = checkForecasts(madeUpRuns(150, 0.6), { draws: 200 });
  const found = (of: "run" | "instance", from: "history" | "prior") =>
    check.checked.find((each) => each.of === of && each.from === from);

  test("cover about one half by their p50 and nine tenths by their p90, instance by instance", () => {
    for (const figure of ["tokens", "costUsd", "durationMs"] as const) {
      const { withinP50 = 0, withinP90 = 0, count } = found("instance", "history")?.[figure] ?? {};
      expect(count).toBe(149 * 3);
      expect(withinP50).toBeGreaterThan(0.42);
      expect(withinP50).toBeLessThan(0.58);
      expect(withinP90).toBeGreaterThan(0.86);
      expect(withinP90).toBeLessThan(0.95);
    }
  });

  test("cover nine tenths of runs as well, whose instances have nothing to do with one another, or more", () => {
    const { withinP90 = 0, medianError = 1 } = found("run", "history")?.tokens ?? {};
    expect(withinP90).toBeGreaterThan(0.86);
    expect(medianError).toBeLessThan(0.4);
  });

  test("tell the first run, which nothing went before, apart", () => {
    expect(check.runs).toBe(150);
    expect(found("run", "prior")?.tokens.count).toBe(1);
  });

  test("know nothing of the run itself, nor of what ended after it had begun, nor of another folder", () => {
    const runs = madeUpRuns(3, 0.6);
    expect(historyOf(runs, "/work", 1000).observations).toHaveLength(3);
    expect(historyOf(runs, "/work", 400).observations).toHaveLength(0);
    expect(historyOf(runs, "/elsewhere").observations).toHaveLength(0);
  });
});

test("a first run is priced by the model that Claude Code means by a word, and by no other agent's", () => {
  const costOf = (changes: Partial<InstancePlan>) => forecastRun(planOf([changes]), historyOf([], "/work")).costUsd;
  for (const [word, model] of [
    ["haiku", "claude-haiku-5-5"],
    ["Opus", "claude-opus-5-5"],
    ["sonnet[1m]", "claude-sonnet-5-5[1m]"],
  ] as const) {
    expect(costOf({ model: word })).toEqual(costOf({ model }));
    expect(costOf({ model: word })).toBeDefined();
  }
  expect(costOf({ model: "haiku", agent: "opencode" })).toBeUndefined();
  expect(costOf({ model: "constructor" })).toBeUndefined();
});
