import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fits, merged } from "./useFilteredRuns.ts";

const now = Date.UTC(2026, 0, 10);
const run = {
  run: "run_a",
  name: "Nightly checks",
  status: "failed",
  created_at: new Date(now - 7_200_000).toISOString(),
};
const all = { text: "", status: "", since: "" };

describe("the list of runs", () => {
  it("is filtered by words, state and time, all of which must fit", () => {
    expect(fits(run, all, now)).toBe(true);
    expect(fits(run, { text: "checks night", status: "failed", since: "24h" }, now)).toBe(true);
    expect(fits(run, { ...all, text: "nightly other" }, now)).toBe(false);
    expect(fits(run, { ...all, status: "running" }, now)).toBe(false);
    expect(fits(run, { ...all, since: "1h" }, now)).toBe(false);
  });

  it("leaves a run without a time out only where a time was asked for", () => {
    const timeless = { ...run, created_at: null };
    expect(fits(timeless, all, now)).toBe(true);
    expect(fits(timeless, { ...all, since: "30d" }, now)).toBe(false);
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
