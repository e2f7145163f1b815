import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { longestDurationMs, parseDuration } from "./duration.ts";
import { formatAmount, formatCost, formatDuration, formatSettingDuration, formatTokens } from "./format.ts";

describe("numbers are written as people read them", () => {
  test.each([
    [0, "0.0s"],
    [45_700, "45.7s"],
    [59_960, "1m0s"],
    [90_000, "1m30s"],
    [3_661_000, "1h1m"],
    [90_000_000, "1d1h"],
  ])("%d ms is %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  test.each([
    [0, "0s"],
    [500, "500ms"],
    [1500, "1.5s"],
    [5_000, "5s"],
    [90_000, "1m30s"],
    [3_600_000, "1h"],
    [5_400_000, "1h30m"],
    [60_250, "1m250ms"],
    [7 * 86_400_000, "7d"],
  ])("%d ms that somebody set is %s", (ms, text) => expect(formatSettingDuration(ms)).toBe(text));

  test("a duration that was set is read again as what it was", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: longestDurationMs }), (ms) => {
        expect(parseDuration(formatSettingDuration(ms))).toBe(ms);
      }),
    );
  });

  test.each([
    [0, "0"],
    [999, "999"],
    [1500, "1.5K"],
    [999_949, "999.9K"],
    [1_234_567, "1.2M"],
    [5_000_000_000, "5.0B"],
  ])("%d tokens are %s", (tokens, text) => expect(formatTokens(tokens)).toBe(text));

  test("a cost nobody knows is a question mark, never a number", () => {
    expect([formatCost(5.5), formatCost(undefined), formatAmount("tokens", 750)]).toEqual([
      "$5.5000",
      "?",
      "750 tokens",
    ]);
  });

  test("a cost of less than a hundredth of a cent is not nothing", () => {
    expect([0.00001, 0.0000123, 0.00009999, 0.0001, 0, 1e-12].map(formatCost)).toEqual([
      "$0.00001",
      "$0.000012",
      "$0.0001",
      "$0.0001",
      "$0.0000",
      "$0.0000",
    ]);
  });
});
