import { makeRunId, noUsage, totalTokens } from "@claude-orchestrator/domain";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nastyText } from "../testing/arbitraryRun.ts";
import { noon } from "../testing/sampleRun.ts";
import type { AttemptUse, RunUse } from "./runUse.ts";
import { readPeriod } from "./usagePeriod.ts";
import { groupings, UsageTable } from "./usageTable.ts";
import type { Grouping } from "./usageTable.ts";

const day = 86_400_000;
const tokens = fc.nat({ max: 1_000_000 });

const modelUse = fc
  .record({
    model: fc.oneof(fc.constantFrom("claude-opus-5-5", "gpt-5.5", "mystery-1", "__proto__"), nastyText),
    usage: fc.record({
      input: tokens,
      output: tokens,
      cacheRead: tokens,
      cacheWrite5m: tokens,
      cacheWrite1h: tokens,
      reasoning: tokens,
    }),
    costUsd: fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined }),
  })
  .map(({ costUsd, ...rest }) => (costUsd === undefined ? rest : { ...rest, costUsd }));

const attempt: fc.Arbitrary<AttemptUse> = fc
  .record({
    instance: fc.constantFrom("a", "b", "c/d"),
    command: fc.option(fc.constantFrom("/review", "/fix"), { nil: undefined }),
    agent: fc.constantFrom("claude", "codex"),
    at: fc.integer({ min: noon - 40 * day, max: noon }),
    verdict: fc.constantFrom("succeeded", "failed", "timed_out", undefined),
    models: fc.uniqueArray(modelUse, { maxLength: 3, selector: ({ model }) => model }),
    isFinal: fc.boolean(),
  })
  .map(({ command, verdict, ...rest }) => ({
    ...rest,
    ...(command === undefined ? {} : { command }),
    ...(verdict === undefined ? {} : { verdict }),
    throughGateway: false,
  }));

const runs: fc.Arbitrary<readonly RunUse[]> = fc
  .array(fc.record({ name: fc.constantFrom("", "nightly", "a"), attempts: fc.array(attempt, { maxLength: 5 }) }), {
    maxLength: 6,
  })
  .map((all) =>
    all.map((each, at) => ({ ...each, id: makeRunId(noon + at * 1000, () => 0.5), isDemo: false }) satisfies RunUse),
  );

function tableOf(by: Grouping, all: readonly RunUse[], since?: string): UsageTable {
  const table = new UsageTable(by, readPeriod({ since, until: undefined, tz: "Europe/Berlin" }, noon));
  for (const each of all) table.add(each);
  return table;
}

function run(changes: Partial<RunUse>): RunUse {
  return { id: makeRunId(noon, () => 0.5), name: "nightly", isDemo: false, attempts: [], ...changes };
}

function used(changes: Partial<AttemptUse> = {}): AttemptUse {
  const models = [{ model: "claude-opus-5-5", usage: { ...noUsage, input: 1000 }, costUsd: 1 }];
  const done = { verdict: "succeeded", isFinal: true, throughGateway: false } as const;
  return { instance: "a", agent: "claude", at: noon, models, ...done, ...changes };
}

describe("what was used", () => {
  test("adds up to the same sum under whatever headings, in whatever time", () => {
    fc.assert(
      fc.property(runs, fc.constantFrom(...groupings), fc.constantFrom(undefined, "20d"), (all, by, since) => {
        const table = tableOf(by, all, since);
        const { total } = table;
        const rows = table.rows();
        const sum = (of: (row: (typeof rows)[number]) => number): number =>
          rows.reduce((before, row) => before + of(row), 0);
        expect(sum(({ usage }) => totalTokens(usage))).toBe(totalTokens(total.usage));
        expect(sum(({ usage }) => usage.cacheRead)).toBe(total.usage.cacheRead);
        expect(sum(({ unpriced }) => unpriced.tokens)).toBe(total.unpriced.tokens);
        expect(sum(({ costUsd }) => costUsd)).toBeCloseTo(total.costUsd, 6);
        expect(sum(({ failedCostUsd }) => failedCostUsd)).toBeCloseTo(total.failedCostUsd, 6);
        expect(sum(({ savedUsd }) => savedUsd)).toBeCloseTo(total.savedUsd, 6);
        // An attempt with several models stands under each; every other heading counts it once.
        expect(by === "model" ? total.attempts : sum(({ attempts }) => attempts)).toBe(total.attempts);
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
      }),
    );
  });

  test("counts an attempt on the day it ended, as the zone has it", () => {
    const late = used({ at: Date.UTC(2026, 10, 20, 23, 30) });
    const early = used({ at: Date.UTC(2026, 10, 20, 22, 30) });
    const rows = tableOf("day", [run({ attempts: [late, early, early] })]).rows();
    expect(rows.map(({ key, attempts, instances, runs: count }) => [key, attempts, instances, count])).toEqual([
      ["2026-11-20", 2, 1, 1],
      ["2026-11-21", 1, 1, 1],
    ]);
  });

  test("tells failed work, work without an end, and what has no price", () => {
    const unpriced = { model: "mystery-1", usage: { ...noUsage, input: 70 } };
    const attempts = [
      used({ verdict: "failed" }),
      used({ verdict: "timed_out", models: [unpriced] }),
      used({ isFinal: false }),
    ];
    const { verdict: _, ...open } = used();
    const { total } = tableOf("agent", [run({ attempts: [...attempts, open] }), run({ attempts: [used()] })]);
    expect(total).toMatchObject({
      attempts: 5,
      failedAttempts: 2,
      openAttempts: 1,
      costUsd: 4,
      failedCostUsd: 1,
      isFinal: false,
      unpriced: { runs: 1, tokens: 70, models: ["mystery-1"] },
    });
  });

  test("names the dearest first, instances by their run, and what has no command as such", () => {
    const dear = used({ instance: "b", models: [{ model: "gpt-5.5", usage: noUsage, costUsd: 9 }], command: "/fix" });
    const all = [run({ attempts: [used(), dear] }), run({ name: "", attempts: [used()] })];
    expect(
      tableOf("instance", all)
        .rows()
        .map(({ key }) => key),
    ).toEqual(["nightly/b", "a", "nightly/a"]);
    expect(
      tableOf("command", all)
        .rows()
        .map(({ key }) => key),
    ).toEqual(["/fix", "(no command)"]);
    expect(
      tableOf("model", all)
        .rows()
        .map(({ key }) => key),
    ).toEqual(["gpt-5.5", "claude-opus-5-5"]);
  });
});
