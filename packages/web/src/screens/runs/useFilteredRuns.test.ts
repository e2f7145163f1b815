import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { begunIn, fits, merged } from "./useFilteredRuns.ts";

const now = Date.UTC(2026, 0, 10);
const run = {
  run: "run_a",
  name: "Nightly checks",
  status: "failed",
  created_at: new Date(now - 7_200_000).toISOString(),
};
const all = { text: "", status: "" };
const ever = begunIn("", "", now);

describe("the list of runs", () => {
  it("is filtered by words, state and time, all of which must fit", () => {
    expect(fits(run, all, ever)).toBe(true);
    expect(fits(run, { text: "checks night", status: "failed" }, begunIn("24h", "", now))).toBe(true);
    expect(fits(run, { ...all, text: "nightly other" }, ever)).toBe(false);
    expect(fits(run, { ...all, status: "running" }, ever)).toBe(false);
    expect(fits(run, all, begunIn("1h", "", now))).toBe(false);
  });

  it("leaves a run without a time out only where a time was asked for", () => {
    const timeless = { ...run, created_at: null };
    expect(fits(timeless, all, ever)).toBe(true);
    expect(fits(timeless, all, begunIn("30d", "", now))).toBe(false);
    expect(fits(timeless, all, begunIn("", "2026-01-31", now))).toBe(false);
  });

  it("is of whole days, both included, as they are in the zone of whoever looks", () => {
    const between = (since: string, until: string, zone: string) => fits(run, all, begunIn(since, until, now, zone));
    expect(between("2026-01-09", "2026-01-09", "UTC")).toBe(true);
    expect(between("2026-01-10", "", "UTC")).toBe(false);
    expect(between("2026-01-10", "2026-01-10", "Asia/Tokyo")).toBe(true);
    expect(between("", "2026-01-08", "UTC")).toBe(false);
  });

  it("has no bound where the address makes no sense", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (since, until) => {
        fc.pre(!/^\d/.test(since) && !/^\d/.test(until));
        expect(begunIn(since, until, now)).toEqual({ from: undefined, before: undefined });
      }),
    );
  });

  it("holds each run once, as the stream tells it, newest first", () => {
    const summary = fc.record({
      run: fc.constantFrom("a", "b", "c", "d"),
      created_at: fc.constantFrom("1", "2", "3"),
      status: fc.string(),
    });
    const list = fc.uniqueArray(summary, { selector: (each) => each.run }).map((runs) => runs as never[]);
    fc.assert(
      fc.property(list, list, (told, live) => {
        const both = merged(told, live) ?? [];
        const ids = both.map((each) => each.run);
        expect(new Set(ids).size).toBe(ids.length);
        for (const each of live as { run: string }[]) expect(both).toContain(each);
        const times = both.map((each) => each.created_at ?? "");
        expect(times).toEqual(times.toSorted((a, b) => b.localeCompare(a)));
      }),
    );
  });
});
