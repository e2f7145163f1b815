import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { noUsage } from "../usage.ts";
import { priceCatalogue } from "./catalogue.ts";
import { costOf, priceOf } from "./cost.ts";
import { savedByCache } from "./savedByCache.ts";

describe("the price of a model", () => {
  test.each([
    ["claude-haiku-4-5-20251001", "claude-haiku-4-5"],
    ["claude-sonnet-4-20250514", "claude-sonnet-4-0"],
    ["claude-opus-4-1@20250805", "claude-opus-4-1"],
    ["claude-opus-4-8[1m]", "claude-opus-4-8"],
    ["anthropic/claude-sonnet-4-5", "claude-sonnet-4-5"],
    ["openai/gpt-5.5-2026-04-23", "gpt-5.5"],
    ["Claude-3-5-Haiku-20241022", "claude-3-5-haiku"],
    ["gpt-5-codex", "gpt-5"],
  ])("%s is found as %s", (id, model) => {
    expect(priceOf(id)?.model).toBe(model);
  });

  test.each([
    "",
    "sonnet",
    "claude-opus-9",
    "claude-3-opus-20240229",
    "my-claude-opus-5-5",
    "gpt-5.5-turbo",
    "claude-opus-5-5-2",
    "openai/claude-opus-5-5",
    "<synthetic>",
    "__proto__",
  ])("%j is unknown, and so is its cost", (id) => {
    expect(priceOf(id)).toBeUndefined();
    expect(costOf(id, { ...noUsage, input: 1 })).toBeUndefined();
  });

  test("is dated and sourced in every entry, and every id names one entry", () => {
    const ids = priceCatalogue.flatMap((entry) => [entry.model, ...(entry.aliases ?? [])]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const entry of priceCatalogue) {
      expect(entry.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(entry.source.length).toBeGreaterThan(10);
      for (const price of Object.values(entry.prices)) expect(price).toBeGreaterThan(0);
    }
  });
});

describe("the cost of tokens", () => {
  test("adds each kind at its own price", () => {
    const usage = { input: 42, output: 392, cacheRead: 29_000, cacheWrite5m: 18_000, cacheWrite1h: 0, reasoning: 100 };
    expect(costOf("claude-opus-5-5", usage)).toBeCloseTo(0.103808, 10);
    expect(costOf("claude-opus-5-5", { ...usage, cacheWrite5m: 0, cacheWrite1h: 18_000 })).toBeCloseTo(0.157808, 10);
  });

  test("is nothing for no tokens of a known model", () => {
    expect(costOf("claude-opus-5-5", noUsage)).toBe(0);
  });

  test("is unknown where tokens of a kind without a price were used", () => {
    expect(costOf("gpt-5.5", { ...noUsage, input: 10 })).toBeCloseTo(0.00005, 10);
    expect(costOf("gpt-5.5", { ...noUsage, input: 10, cacheWrite5m: 1 })).toBeUndefined();
  });

  test("of one call with a long prompt is that of the long tier", () => {
    const long = { ...noUsage, input: 60_000, cacheRead: 40_001, output: 1_000 };
    expect(costOf("claude-haiku-5-5", long, "call")).toBeCloseTo(0.03 + 0.00200005 + 0.0025, 10);
    expect(costOf("claude-haiku-5-5", { ...long, cacheRead: 40_000 }, "call")).toBeCloseTo(0.006 + 0.0004 + 0.0005, 10);
  });

  test("of a sum that may hold a long prompt is unknown, unless the agent never sends one by itself", () => {
    expect(costOf("claude-haiku-5-5", { ...noUsage, input: 100_001 })).toBeUndefined();
    expect(costOf("gpt-5.5", { ...noUsage, input: 1_000_000 })).toBeCloseTo(5, 10);
    expect(costOf("gpt-5.5", { ...noUsage, input: 1_000_000 }, "call")).toBeCloseTo(10, 10);
  });

  test("of two calls is the sum of their costs, for any split", () => {
    const tokens = fc.nat({ max: 40_000 });
    const anyUsage = fc.record({
      input: tokens,
      output: tokens,
      cacheRead: tokens,
      cacheWrite5m: fc.constant(0),
      cacheWrite1h: fc.constant(0),
      reasoning: tokens,
    });
    fc.assert(
      fc.property(fc.constantFrom(...priceCatalogue), anyUsage, anyUsage, (entry, a, b) => {
        const both = {
          ...a,
          input: a.input + b.input,
          output: a.output + b.output,
          cacheRead: a.cacheRead + b.cacheRead,
        };
        const sum = costOf(entry.model, both);
        if (sum === undefined) return;
        expect(sum).toBeCloseTo((costOf(entry.model, a) ?? NaN) + (costOf(entry.model, b) ?? NaN), 9);
      }),
    );
  });
});

describe("what the cache saved", () => {
  const usage = { ...noUsage, input: 10, output: 500, cacheRead: 20_000, cacheWrite5m: 4000, cacheWrite1h: 2000 };

  test("is what the same prompt would have cost without it, less what it cost", () => {
    const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = usage;
    const without = { ...noUsage, output, input: input + cacheRead + cacheWrite5m + cacheWrite1h };
    const saved = (costOf("claude-opus-5-5", without) ?? NaN) - (costOf("claude-opus-5-5", usage) ?? NaN);
    expect(savedByCache("claude-opus-5-5", usage)).toBeCloseTo(saved, 12);
  });

  test("is below zero where what was written was never read", () => {
    expect(savedByCache("claude-opus-4-8", { ...noUsage, cacheWrite1h: 1_000_000 })).toBeCloseTo(-5, 12);
  });

  test("is nothing without a cache, and unknown without a price", () => {
    expect(savedByCache("mystery-1", { ...noUsage, input: 1 })).toBe(0);
    expect(savedByCache("mystery-1", usage)).toBeUndefined();
    expect(savedByCache("gpt-5.5", { ...noUsage, cacheWrite5m: 1 })).toBeUndefined();
  });
});
