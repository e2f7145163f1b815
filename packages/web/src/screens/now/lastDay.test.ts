import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayWords, lastDay } from "./lastDay.ts";

const now = Date.UTC(2026, 0, 2, 12, 30);

describe("the last day", () => {
  it("counts each run of the last 24 hours in its hour, and no other", () => {
    const run = fc.record({
      status: fc.constantFrom("succeeded", "failed", "running", "stopped", "interrupted"),
      created_at: fc.option(
        fc.integer({ min: -60, max: 2 }).map((hour) => new Date(now + hour * 3_600_000).toISOString()),
      ),
    });
    fc.assert(
      fc.property(fc.array(run), (runs) => {
        const day = lastDay(runs, now);
        const from = Date.UTC(2026, 0, 1, 13);
        const within = runs.filter(({ created_at }) => {
          const at = Date.parse(created_at ?? "");
          return at >= from && at < Date.UTC(2026, 0, 2, 13);
        });
        expect(day).toHaveLength(24);
        expect(day.reduce((sum, { good, bad, other }) => sum + good + bad + other, 0)).toBe(within.length);
      }),
    );
  });

  it("is said in words", () => {
    const created_at = new Date(now).toISOString();
    expect(dayWords(lastDay([], now))).toBe("No run began in the last 24 hours");
    const runs = ["succeeded", "succeeded", "failed", "running"].map((status) => ({ status, created_at }));
    expect(dayWords(lastDay(runs, now))).toBe(
      "4 runs in the last 24 hours: 2 succeeded, 1 did not, 1 stopped or still working",
    );
  });
});
