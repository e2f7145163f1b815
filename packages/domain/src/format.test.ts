import { describe, expect, test } from "vitest";
import { formatAmount, formatCost, formatDuration, formatTokens } from "./format.ts";

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
});
