import { UserError } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { noon } from "../testing/sampleRun.ts";
import { readPeriod } from "./usagePeriod.ts";

const hour = 3_600_000;
const inBerlin = (since?: string, until?: string) => readPeriod({ since, until, tz: "Europe/Berlin" }, noon);

describe("a period", () => {
  test("of days holds them whole, the last one too, in the zone that was named", () => {
    const period = inBerlin("2026-11-20", "2026-11-20");
    const midnight = Date.UTC(2026, 10, 19, 23);
    expect([midnight - 1, midnight].map((at) => period.isTooEarly(at))).toEqual([true, false]);
    expect([midnight + 24 * hour - 1, midnight + 24 * hour].map((at) => period.isTooLate(at))).toEqual([false, true]);
  });

  test("may begin so long ago, or at a moment", () => {
    expect(inBerlin("7d").since).toBe("2026-11-16T12:00:00.000Z");
    expect(inBerlin("2026-11-20T10:00+01:00").isTooEarly(Date.UTC(2026, 10, 20, 9) - 1)).toBe(true);
    expect(inBerlin(undefined, "12h").isTooLate(noon - 12 * hour + 1)).toBe(true);
  });

  test("without bounds holds everything", () => {
    const { isTooEarly, isTooLate, since, until } = inBerlin();
    expect([isTooEarly(0), isTooLate(8.64e15), since, until]).toEqual([false, false, undefined, undefined]);
  });

  test.each(["", "yesterday", "2026-02-30", "2026-11-20T10:00", "2026-13-01", "7", "-7d", "9999999d"])(
    "does not begin at %j",
    (since) => {
      expect(() => inBerlin(since)).toThrow(UserError);
      expect(() => inBerlin(since)).toThrow(`\`--since\` needs a day or how long ago, not \`${since}\``);
    },
  );

  test("that ends before it begins is refused, and so is a zone that is none", () => {
    expect(() => inBerlin("2026-11-20", "2026-11-19")).toThrow("is later than `--until` (2026-11-19)");
    expect(() => inBerlin("1d", "7d")).toThrow("is later than");
    expect(() => readPeriod({ since: undefined, until: undefined, tz: "Europe/Berln" }, noon)).toThrow(
      "There is no time zone `Europe/Berln`",
    );
  });
});
