import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barsByDay, dayLabel, mostBars, periodOf } from "./dayBars.ts";
import { csvOf, gapsOf } from "./usageDocument.ts";
import type { UsageRow } from "./usageDocument.ts";

const row: UsageRow = {
  key: "2026-01-01",
  runs: 1,
  attempts: 2,
  failed_attempts: 1,
  open_attempts: 0,
  tokens: { total: 300 },
  totals_are_final: true,
  cost_usd: 1.5,
  unpriced: { runs: 0, tokens: 0, models: [] },
  failed_cost_usd: 0.5,
  cache_saved_usd: 0,
};

const anyDay = fc
  .integer({ min: 0, max: 800 })
  .map((day) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10));

describe("the time the address asks about", () => {
  it("is a number of days up to today or a day, or between two days, or everything", () => {
    expect(periodOf("7d", "", "2026-03-02")).toEqual({ from: "2026-02-24", to: undefined });
    expect(periodOf("30d", "2026-01-30", "2026-03-02")).toEqual({ from: "2026-01-01", to: "2026-01-30" });
    expect(periodOf("2025-12-31", "", "2026-03-02")).toEqual({ from: "2025-12-31", to: undefined });
    expect(periodOf("all", "", "2026-03-02")).toEqual({ from: undefined, to: undefined });
  });

  it("is the last 30 days where the address makes no sense", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (since, until) => {
        fc.pre(!/^(\d{1,4}d|all|\d{4}-.*)$/.test(since) && !/^\d{4}-/.test(until));
        expect(periodOf(since, until, "2026-01-30")).toEqual({ from: "2026-01-01", to: undefined });
      }),
    );
  });
});

describe("the bars", () => {
  it("are one for each day between, empty ones as well, parted by what did not succeed", () => {
    const bars = barsByDay([row], { from: "2025-12-31", to: undefined }, "2026-01-02");
    expect(bars.map(({ day, total, parts }) => [day, total, parts.map(({ cost }) => cost)])).toEqual([
      ["2025-12-31", 0, [0, 0]],
      ["2026-01-01", 1.5, [1, 0.5]],
      ["2026-01-02", 0, [0, 0]],
    ]);
  });

  it("have their day under them, with the month where it is a new one; of many, each seventh", () => {
    const days = ["2026-01-31", "2026-02-01", "2026-02-02"];
    expect(days.map((day, index) => dayLabel(day, index, 3))).toEqual(["31\nJan", "1\nFeb", "2"]);
    expect([dayLabel("2026-02-08", 7, 90), dayLabel("2026-02-09", 8, 90)]).toEqual(["Feb 8", undefined]);
  });

  it("end with the last day, and are never more than can be looked at", () => {
    fc.assert(
      fc.property(fc.option(anyDay, { nil: undefined }), anyDay, fc.array(anyDay), (from, to, days) => {
        const rows = [...new Set(days)].map((key) => ({ ...row, key }));
        const bars = barsByDay(rows, { from, to }, to);
        expect(bars.length).toBeLessThanOrEqual(mostBars);
        expect(bars.at(-1)?.day ?? to).toBe(to);
        expect(new Set(bars.map(({ day }) => day)).size).toBe(bars.length);
      }),
    );
  });
});

describe("the figures", () => {
  it("say what they leave out", () => {
    const whole = { rows: [], total: row, demo_runs_left_out: 0, skipped: [] };
    expect(gapsOf(whole)).toEqual([]);
    const unpriced = { runs: 2, tokens: 2_900_000, models: ["mystery-1"] };
    const total = { ...row, unpriced, open_attempts: 1, totals_are_final: false };
    const gaps = gapsOf({ ...whole, total, demo_runs_left_out: 3, skipped: [{ run: "run_a", why: "no log" }] });
    expect(gaps.map((gap) => gap.split(":")[0])).toEqual([
      "2,900,000 tokens of 2 runs have no known price (mystery-1)",
      "An agent ended before it told its own totals",
      "1 attempt not ended yet, or whose end nobody saw",
      "3 runs whose model was a stand-in",
      "1 run that cannot be read",
    ]);
  });

  it("are a table whose cells are read back as they were, and none is a formula", () => {
    const text = csvOf("instance", [
      { ...row, key: '=1+"2"' },
      { ...row, key: "a, b\nc" },
    ]);
    expect(text).toBe(
      `instance,runs,attempts,failed_attempts,tokens,cost_usd,failed_cost_usd,unpriced_tokens\r\n` +
        `"'=1+""2""",1,2,1,300,1.5,0.5,0\r\n"a, b\nc",1,2,1,300,1.5,0.5,0\r\n`,
    );
  });
});
