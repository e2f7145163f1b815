import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barsByDay, csvOf, dimensions, sumOf, sumsBy } from "./spendings.ts";
import type { SpendingRow } from "./spendings.ts";

const row: SpendingRow = {
  at: Date.UTC(2026, 0, 1),
  run: "run_a",
  runName: "nightly",
  instance: "tests",
  agent: "claude",
  model: "haiku",
  command: "",
  tokens: 100,
  cost: 0.5,
  isFailed: false,
};

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const rows = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 40 }).map((day) => Date.UTC(2026, 0, 1 + day)),
    run: fc.constantFrom("run_a", "run_b"),
    runName: fc.string(),
    instance: fc.string(),
    agent: fc.constantFrom("claude", "codex"),
    model: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "others"),
    command: fc.constantFrom("", "/review"),
    tokens: fc.nat(1000),
    cost: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
    isFailed: fc.boolean(),
  }),
  { maxLength: 30 },
);

describe("what was spent", () => {
  it("is the same sum by every dimension, and by day", () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...dimensions), (given, dimension) => {
        const total = sumOf("", given).cost;
        expect(sumsBy(given, dimension).reduce((sum, { cost }) => sum + cost, 0)).toBe(total);
        const { bars } = barsByDay(given, dimension, { now: Date.UTC(2026, 1, 10), days: 41, dayOf });
        expect(bars.reduce((sum, bar) => sum + bar.total, 0)).toBe(total);
      }),
    );
  });

  it("has a bar for each day between, empty ones as well", () => {
    const { bars, series } = barsByDay([row, { ...row, at: Date.UTC(2026, 0, 4), model: "opus" }], "model", {
      now: Date.UTC(2026, 0, 4, 12),
      days: 4,
      dayOf,
    });
    expect(bars.map(({ day, total }) => [day, total])).toEqual([
      ["2026-01-01", 0.5],
      ["2026-01-02", 0],
      ["2026-01-03", 0],
      ["2026-01-04", 0.5],
    ]);
    expect(series).toEqual(["haiku", "opus"]);
  });

  it("says where a price is not known, and what went into work that failed", () => {
    const sum = sumOf("all", [row, { ...row, cost: undefined }, { ...row, isFailed: true }]);
    expect(sum).toEqual({ name: "all", tokens: 300, cost: 1, isBound: true, failedCost: 0.5, attempts: 3 });
  });

  it("is read back from its table as it was, and no cell is a formula", () => {
    const text = csvOf([{ ...row, instance: '=1+"2"', runName: "a, b\nc" }]);
    expect(text.split("\r\n")[1]).toBe(
      `2026-01-01T00:00:00.000Z,run_a,"a, b\nc","'=1+""2""",claude,haiku,,100,0.5,false`,
    );
  });
});
