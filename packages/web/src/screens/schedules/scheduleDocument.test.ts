import { describe, expect, it } from "vitest";
import { lastWords, policyWords, slotWords } from "./scheduleDocument.ts";

describe("a schedule in words", () => {
  it("tells a slot in the schedule's own zone", () => {
    expect(slotWords("2026-11-26T02:00:00.000Z", "Asia/Tokyo")).toBe("Thu 26 Nov, 11:00");
    expect(slotWords("2026-11-26T02:00:00.000Z", "Nowhere/Here")).toBe("Thu 26 Nov, 02:00 UTC");
  });

  it("tells what becomes of slots that were missed or come too soon", () => {
    expect(policyWords({ missed: "once", overlap: "skip" })).toBe(
      "What was missed is made up for once; a slot whose forerunner still works is left out",
    );
    expect(policyWords({ missed: "new", overlap: "other" })).toBe("Missed: new; overlap: other");
  });

  it("tells why a slot did not run", () => {
    const common = { slot: "", at: "" };
    expect(lastWords({ ...common, outcome: "skipped", count: 3, reason: "the machine slept" })).toEqual({
      state: "left out",
      why: "3 slots: the machine slept",
    });
    expect(lastWords({ ...common, outcome: "succeeded", run: "run_a" })).toEqual({ state: "succeeded", why: "" });
  });
});
