import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayAfter, daysBetween, isDay, startOfDay, wrongOrder } from "./days.ts";

const day = fc.integer({ min: 0, max: 20_000 }).map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));

describe("a day", () => {
  it("is an ISO date and nothing else", () => {
    expect(["2026-02-28", "2026-02-30", "2026-2-8", "7d", ""].map(isDay)).toEqual([true, false, false, false, false]);
  });

  it("begins when its clocks say so, also where they are changed on that day", () => {
    expect(startOfDay("2026-03-29", "Europe/Berlin")).toBe(Date.parse("2026-03-28T23:00:00Z"));
    expect(startOfDay("2026-03-30", "Europe/Berlin")).toBe(Date.parse("2026-03-29T22:00:00Z"));
    expect(startOfDay("2026-11-25", "Asia/Kathmandu")).toBe(Date.parse("2026-11-24T18:15:00Z"));
    expect(startOfDay("2026-11-25", "UTC")).toBe(Date.parse("2026-11-25T00:00:00Z"));
  });

  it("is so many days from another as were added to it", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 1_000 }), (from, days) => {
        expect(daysBetween(from, dayAfter(from, days))).toBe(days + 1);
      }),
    );
  });

  it("cannot end what begins after it", () => {
    expect(wrongOrder("2026-02-01", "2026-01-31")).toMatch(/before/);
    expect([wrongOrder("2026-02-01", "2026-02-01"), wrongOrder("", "2026-01-01")]).toEqual([undefined, undefined]);
  });
});
