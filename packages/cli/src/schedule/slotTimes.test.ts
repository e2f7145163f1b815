import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSlotTimes } from "./slotTimes.ts";
import { slotTime } from "./words.ts";

/** The next slots after a moment, as a person in that zone reads them. */
function next(pattern: string, zone: string, from: string, count = 2): readonly string[] {
  const slots = readSlotTimes(pattern, zone).next(Date.parse(from), count);
  return slots.map((slot) => slotTime(slot, zone));
}

describe("a time that the change to summer time leaves out", () => {
  test("is the first moment after it, in America/New_York", () => {
    expect(next("30 2 * * *", "America/New_York", "2027-03-13T12:00:00Z")).toEqual([
      "2027-03-14 03:00 -04:00",
      "2027-03-15 02:30 -04:00",
    ]);
  });

  test("is the first moment after it, in Europe/Berlin", () => {
    expect(next("30 2 * * *", "Europe/Berlin", "2027-03-27T12:00:00Z")).toEqual([
      "2027-03-28 03:00 +02:00",
      "2027-03-29 02:30 +02:00",
    ]);
  });
});

describe("a time that the change back gives twice", () => {
  test("has one slot, in America/New_York", () => {
    expect(next("30 1 * * *", "America/New_York", "2027-11-06T12:00:00Z")).toEqual([
      "2027-11-07 01:30 -04:00",
      "2027-11-08 01:30 -05:00",
    ]);
  });

  test("has one slot, in Europe/Berlin, also where hours are a list", () => {
    expect(next("30 2 * * *", "Europe/Berlin", "2027-10-30T12:00:00Z")).toEqual([
      "2027-10-31 02:30 +02:00",
      "2027-11-01 02:30 +01:00",
    ]);
    expect(next("30 2,14 * * *", "Europe/Berlin", "2027-10-30T13:00:00Z")).toEqual([
      "2027-10-31 02:30 +02:00",
      "2027-10-31 14:30 +01:00",
    ]);
  });

  test("has two where the pattern follows the clock as it goes", () => {
    expect(next("*/30 * * * *", "Europe/Berlin", "2027-10-31T00:00:00Z", 4)).toEqual([
      "2027-10-31 02:30 +02:00",
      "2027-10-31 02:00 +01:00",
      "2027-10-31 02:30 +01:00",
      "2027-10-31 03:00 +01:00",
    ]);
  });
});

test("the 29th of February comes every four years", () => {
  expect(next("0 12 29 2 *", "UTC", "2026-01-01T00:00:00Z", 3)).toEqual([
    "2028-02-29 12:00 +00:00",
    "2032-02-29 12:00 +00:00",
    "2036-02-29 12:00 +00:00",
  ]);
});

test("a sixth field, in front, is the second", () => {
  expect(next("15 30 8 * * *", "Asia/Kolkata", "2027-01-01T00:00:00Z", 1)).toEqual(["2027-01-01 08:30:15 +05:30"]);
});

test("slots between two moments leave the first out and take the last in, and say where there are more", () => {
  const times = readSlotTimes("* * * * *", "UTC");
  expect(times.between(0, 180_000)).toEqual({ slots: [60_000, 120_000, 180_000], more: false });
  expect(times.between(0, 180_000, 2)).toEqual({ slots: [60_000, 120_000], more: true });
  expect(times.between(180_000, 60_000)).toEqual({ slots: [], more: false });
});

test("a slot is never seen twice, however the time in between is cut, over both changes of the clock", () => {
  const zones = fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC");
  const patterns = fc.constantFrom("30 2 * * *", "*/30 * * * *", "15,45 1-3 * * *", "0 0 * * *");
  const changes = fc.constantFrom("03-14", "03-28", "04-04", "10-03", "10-31", "11-07");
  const hour = 3_600_000;
  const cuts = fc.array(fc.integer({ min: 1, max: 20 * hour }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      zones,
      patterns,
      fc.tuple(changes, fc.nat({ max: 36 * hour })),
      cuts,
      (zone, pattern, start, lengths) => {
        const times = readSlotTimes(pattern, zone);
        const from = Date.parse(`2027-${start[0]}T12:00:00Z`) - start[1];
        let at = from;
        const parts: number[] = [];
        for (const length of lengths) {
          parts.push(...times.between(at, at + length).slots);
          at += length;
        }
        expect(parts).toEqual(times.between(from, at).slots);
        expect(parts).toEqual([...new Set(parts)].toSorted((a, b) => a - b));
      },
    ),
    { numRuns: 100 },
  );
});

describe("what never comes, or is no pattern, is refused with the reason", () => {
  test.each([
    ["0 0 30 2 *", "never comes"],
    ["0 0 31 4,6,9,11 *", "never comes"],
    ["61 0 * * *", "Invalid value for minute: 61"],
    ["* * * *", "exactly five"],
    ["hello", "is no cron pattern"],
    ["", "is no cron pattern"],
    ["2027-01-01T10:00:00", "is a date"],
    ["* * * * * * 2027", "requires exactly 5 or 6 parts"],
  ])("%s", (pattern, why) => {
    expect(() => readSlotTimes(pattern, "UTC")).toThrow(
      expect.objectContaining({ code: "schedule-invalid", message: expect.stringContaining(why) }),
    );
  });

  test.each([
    ["Europe/Berln", "did you mean `Europe/Berlin`?"],
    ["Berlin", "did you mean `Europe/Berlin`?"],
    ["+02:00", "write a name such as Europe/Berlin, America/New_York or UTC"],
    ["", "write a name such as Europe/Berlin, America/New_York or UTC"],
  ])("the zone %s", (zone, hint) => {
    expect(() => readSlotTimes("0 0 * * *", zone)).toThrow(expect.objectContaining({ code: "schedule-invalid", hint }));
  });
});
