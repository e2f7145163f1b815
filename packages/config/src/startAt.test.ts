import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseStartAt } from "./startAt.ts";

const now = new Date(2026, 2, 10, 12, 0, 0).getTime();
const local = (day: number, hour: number, minute = 0): number => new Date(2026, 2, day, hour, minute).getTime();

describe("a start time", () => {
  test.each<[string, number]>([
    ["", now],
    ["now", now],
    ["2h", now + 7_200_000],
    ["1h30m", now + 5_400_000],
    ["45s", now + 45_000],
    ["1.5h", now + 5_400_000],
    ["14:30", local(10, 14, 30)],
    ["2pm", local(10, 14)],
    ["2:30pm", local(10, 14, 30)],
    ["2:30 p.m.", local(10, 14, 30)],
    ["2am", local(11, 2)],
    ["12am", local(11, 0)],
    ["12pm", now],
    ["11:59", local(11, 11, 59)],
    ["2026-03-10T13:00", local(10, 13)],
    ["2026-03-11 13:00:30", local(11, 13) + 30_000],
    ["2026-03-11", local(11, 0)],
    ["2026-03-20T10:00Z", Date.UTC(2026, 2, 20, 10)],
    ["2026-03-20T10:00:00.000+02:00", Date.UTC(2026, 2, 20, 8)],
    ["2026-03-20T10:00-0530", Date.UTC(2026, 2, 20, 15, 30)],
  ])("%j is understood", (text, at) => {
    expect(parseStartAt(text, now)).toEqual({ at });
  });

  test.each([
    ["25:00", "`25:00` is not a clock time: the hours go from 0 to 23"],
    ["14:60", "`14:60` is not a clock time: an hour has 60 minutes"],
    ["13pm", "`13pm` is not a clock time: with am or pm the hours go from 1 to 12"],
    ["0am", "`0am` is not a clock time: with am or pm the hours go from 1 to 12"],
    ["99am", "`99am` is not a clock time: with am or pm the hours go from 1 to 12"],
    ["90", "`90` has no unit"],
    ["invalid", "`invalid` is not a time"],
    ["abc123", "`abc123` is not a time"],
    ["-2h", "`-2h` is not a time"],
    ["2026-02-30", "`2026-02-30` is not a day of the calendar"],
    ["2026-03-20T25:00", "`2026-03-20T25:00` is not a time of the day"],
    ["2020-01-01", "`2020-01-01` has passed"],
  ])("%j is refused", (text, message) => {
    expect(parseStartAt(text, now)).toMatchObject({ message });
  });

  test("is never before now, for any text", () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9:apmhst. TZ+-]{0,25}$/));
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 4e12 }), (given, at) => {
        const read = parseStartAt(given, at);
        expect("message" in read ? read.message.length > 0 : read.at >= at).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
