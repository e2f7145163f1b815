import { describe, expect, it } from "vitest";
import { createClock } from "./clock.ts";

const at = Date.UTC(2026, 10, 25, 22, 30, 5, 7);

describe("a clock", () => {
  it("tells a time in its own zone, whose day may be another one", () => {
    const inTokyo = createClock({ times: "relative", zone: "Asia/Tokyo" });
    const inUtc = createClock({ times: "relative", zone: "UTC" });
    expect(inUtc.exactly(at)).toBe("Nov 25, 2026, 22:30:05 UTC");
    expect([inUtc.dayOf(at), inTokyo.dayOf(at)]).toEqual(["2026-11-25", "2026-11-26"]);
    expect([inUtc.timeOfDay(at), inTokyo.precisely(at)]).toEqual(["22:30:05", "07:30:05.007"]);
  });

  it("has short times only for who wants to read when, not how long ago", () => {
    expect(createClock({ times: "relative", zone: "UTC" }).shortly).toBeUndefined();
    expect(createClock({ times: "absolute", zone: "UTC" }).shortly?.(at)).toBe("Nov 25, 22:30:05");
  });
});
