import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { longestDurationMs, parseDuration } from "./duration.ts";

describe("a duration", () => {
  test.each([
    [90, 90_000],
    ["90", 90_000],
    ["90s", 90_000],
    ["1h30m", 5_400_000],
    ["1h 30m", 5_400_000],
    ["2m", 120_000],
    ["500ms", 500],
    ["1.5h", 5_400_000],
    ["2d", 172_800_000],
    [0, 0],
    ["0.25", 250],
  ])("%j is %d ms", (written, ms) => {
    expect(parseDuration(written)).toBe(ms);
  });

  test.each([
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "",
    " ",
    "h",
    "1x",
    "1h30",
    "-5s",
    "1e3",
    "0x10",
    "ten",
    "1..5h",
    "99999d",
  ])("%j is none", (written) => {
    expect(parseDuration(written)).toBeUndefined();
  });

  test("is a whole number of ms within ten years, or undefined, for any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.smhd ]{0,120}$/)), (text) => {
        const ms = parseDuration(text);
        expect(ms === undefined || (Number.isInteger(ms) && ms >= 0 && ms <= longestDurationMs)).toBe(true);
      }),
    );
  });
});
