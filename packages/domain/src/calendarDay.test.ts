import fc from "fast-check";
import { expect, test } from "vitest";
import { calendarDay, isTimeZone } from "./calendarDay.ts";

const dayAt = (time: string, zone: string): readonly string[] => {
  const { start, end } = calendarDay(Date.parse(time), zone);
  return [new Date(start).toISOString(), new Date(end).toISOString()];
};

test("a day begins and ends at the zone's own midnight, also where its clock is changed on it", () => {
  expect(dayAt("2026-11-25T23:30:00Z", "Europe/Rome")).toEqual([
    "2026-11-25T23:00:00.000Z",
    "2026-11-26T23:00:00.000Z",
  ]);
  expect(dayAt("2026-03-29T12:00:00Z", "Europe/Rome")).toEqual([
    "2026-03-28T23:00:00.000Z",
    "2026-03-29T22:00:00.000Z",
  ]);
  expect(dayAt("2026-10-25T12:00:00Z", "Europe/Rome")).toEqual([
    "2026-10-24T22:00:00.000Z",
    "2026-10-25T23:00:00.000Z",
  ]);
});

test("every time lies in its day, and every time of that day has the same one", () => {
  const zone = fc.constantFrom("UTC", "Europe/Rome", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe");
  const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 42 }), zone, share, (at, name, part) => {
      const day = calendarDay(at, name);
      expect(day.start <= at && at < day.end).toBe(true);
      expect(calendarDay(Math.min(day.end - 1, Math.floor(day.start + (day.end - day.start) * part)), name)).toEqual(
        day,
      );
    }),
    { numRuns: 60 },
  );
});

test("a zone is what the platform knows as one", () => {
  expect(["Europe/Rome", "Mars/Olympus"].map(isTimeZone)).toEqual([true, false]);
});
