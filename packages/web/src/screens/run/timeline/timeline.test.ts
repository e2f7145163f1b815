import fc from "fast-check";
import type { LoggedEvent, Plan } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { axisTicks } from "./axis.ts";
import { criticalPath } from "./criticalPath.ts";
import { timelineRows } from "./spans.ts";
import type { TimelineRow } from "./spans.ts";
import { moved, placeOf, rangeOf, shortestMs, within, zoomed } from "./timeRange.ts";

const plan = (needs: Readonly<Record<string, readonly string[]>>): Plan =>
  ({
    instances: Object.entries(needs).map(([name, of]) => ({
      name,
      group: name,
      needs: of.map((instance) => ({ instance, when: "success" })),
    })),
  }) as unknown as Plan;

/** Events as the log has them, with the least in them. */
function log(...events: readonly Record<string, unknown>[]): readonly LoggedEvent[] {
  return events.map((event, index) => ({ seq: index + 1, ...event })) as unknown as readonly LoggedEvent[];
}

const twoAttempts = log(
  { type: "run-created", at: 0, plan: plan({ a: [], b: ["a"] }) },
  { type: "run-started", at: 10 },
  { type: "attempt-planned", at: 20, instance: "a", attempt: 1 },
  { type: "attempt-started", at: 30, instance: "a", attempt: 1 },
  { type: "attempt-ended", at: 50, instance: "a", attempt: 1, verdict: "failed", reason: "it broke" },
  { type: "retry-scheduled", at: 50, instance: "a", attempt: 2, reason: "again", until: 90 },
  { type: "attempt-planned", at: 90, instance: "a", attempt: 2 },
  { type: "attempt-started", at: 95, instance: "a", attempt: 2 },
  { type: "attempt-ended", at: 120, instance: "a", attempt: 2, verdict: "succeeded", reason: "done" },
  { type: "instance-settled", at: 121, instance: "a", verdict: "succeeded", reason: "done" },
  { type: "instance-held", at: 130, instance: "b", reason: "no room" },
  { type: "attempt-planned", at: 140, instance: "b", attempt: 1 },
);

test("an instance's time is its waits, its attempts and the wait between them", () => {
  const [a, b] = timelineRows(twoAttempts).map(({ spans }) =>
    spans.map(({ kind, from, to, attempt, verdict }) => [kind, from, to, attempt, verdict]),
  );
  expect(a).toEqual([
    ["slot", 10, 20, 1, undefined],
    ["startup", 20, 30, 1, undefined],
    ["attempt", 30, 50, 1, "failed"],
    ["retry", 50, 90, 2, undefined],
    ["startup", 90, 95, 2, undefined],
    ["attempt", 95, 120, 2, "succeeded"],
  ]);
  expect(b).toEqual([
    ["needs", 10, 121, 1, undefined],
    ["slot", 121, 130, 1, undefined],
    ["held", 130, 140, 1, undefined],
    ["startup", 140, undefined, 1, undefined],
  ]);
});

test("an attempt whose process never began is one that failed", () => {
  const rows = timelineRows(
    log(
      { type: "run-created", at: 0, plan: plan({ a: [] }) },
      { type: "run-started", at: 0 },
      { type: "attempt-planned", at: 1, instance: "a", attempt: 1 },
      { type: "attempt-ended", at: 2, instance: "a", attempt: 1, verdict: "failed", reason: "ENOENT" },
    ),
  );
  expect(rows[0]?.spans.at(-1)).toEqual({
    kind: "attempt",
    from: 1,
    to: 2,
    attempt: 1,
    verdict: "failed",
    words: "ENOENT",
  });
});

test("whatever a log says, spans follow one another and each instance has its row", () => {
  const types = [
    "run-started",
    "attempt-planned",
    "attempt-started",
    "attempt-ended",
    "retry-scheduled",
    "instance-held",
    "instance-settled",
    "run-reopened",
    "run-settled",
  ];
  const step = fc.record({
    type: fc.constantFrom(...types),
    instance: fc.constantFrom("a", "b", "gone"),
    attempt: fc.integer({ min: 1, max: 3 }),
    later: fc.nat({ max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let at = 0;
      const told = steps.map(({ type, instance, attempt, later }) => {
        at += later;
        const whose = type.startsWith("run-") ? { instances: [instance] } : { instance, attempt, reason: "" };
        return { type, at, ...whose };
      });
      const rows = timelineRows(log({ type: "run-created", at: 0, plan: plan({ a: [], b: ["a"] }) }, ...told));
      expect(rows.map(({ name }) => name)).toEqual(["a", "b"]);
      for (const { spans } of rows) {
        for (const [index, { from, to }] of spans.entries()) {
          expect(to ?? from).toBeGreaterThanOrEqual(from);
          expect(from).toBeGreaterThanOrEqual(spans[index - 1]?.to ?? 0);
        }
      }
    }),
  );
});

const row = (name: string, began: number | undefined, settled: number | undefined): TimelineRow => ({
  name,
  spans: [],
  began,
  settled,
});

test("the critical path goes from what ended last back to what each waited for longest", () => {
  const rows = [row("a", 0, 10), row("b", 0, 30), row("c", 30, 40), row("d", 40, 45), row("e", 0, 44)];
  expect(criticalPath(plan({ a: [], b: [], c: ["a", "b"], d: ["c"], e: [] }), rows)).toEqual(["b", "c", "d"]);
});

test("what still works is where the critical path ends, and what never began is not on it", () => {
  const rows = [row("a", 0, 10), row("b", 10, undefined), row("c", undefined, 90)];
  expect(criticalPath(plan({ a: [], b: ["a"], c: [] }), rows)).toEqual(["a", "b"]);
});

const whole = { from: 1_000_000, to: 1_900_000 };
const anyRange = fc
  .tuple(fc.integer({ min: 0, max: 3_000_000 }), fc.integer({ min: 1, max: 3_000_000 }))
  .map(([from, length]) => ({ from, to: from + length }));

test("however one zooms and moves, the range stays within the run and is never empty", () => {
  fc.assert(
    fc.property(
      anyRange,
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      fc.double({ min: -5, max: 5, noNaN: true }),
      (range, factor, share) => {
        for (const next of [zoomed(range, whole, factor), moved(range, whole, share), within(range, whole)]) {
          expect(next.from).toBeGreaterThanOrEqual(whole.from);
          expect(next.to).toBeLessThanOrEqual(whole.to + 1e-6);
          expect(next.to - next.from).toBeGreaterThanOrEqual(shortestMs - 1e-6);
        }
      },
    ),
  );
});

test("an address that names no range shows the whole", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (from, to) => {
      const range = rangeOf(from, to, whole);
      expect(range.from).toBeGreaterThanOrEqual(whole.from);
      expect(range.to).toBeLessThanOrEqual(whole.to);
    }),
  );
  expect(rangeOf("x", "", whole)).toEqual(whole);
  expect(rangeOf("1000", "5000", whole)).toEqual({ from: 1_001_000, to: 1_005_000 });
  expect(placeOf(1_450_000, whole)).toBe(0.5);
});

test("ticks are in order, within the range and not too many, at every length", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 50, max: 4e9 }), (from, length) => {
      const ticks = axisTicks({ from, to: from + length }, 8, "Asia/Kathmandu");
      expect(ticks.length).toBeLessThanOrEqual(9);
      for (const [index, { at }] of ticks.entries()) {
        expect(at).toBeGreaterThanOrEqual(from);
        expect(at).toBeLessThanOrEqual(from + length);
        expect(at).toBeGreaterThan(ticks[index - 1]?.at ?? -1);
      }
    }),
  );
});

test("ticks stand at whole hours of the viewer's own clock", () => {
  const from = Date.parse("2026-11-25T10:10:00Z");
  const labels = axisTicks({ from, to: from + 4 * 3_600_000 }, 5, "Asia/Kathmandu").map(({ label }) => label);
  expect(labels).toEqual(["16:00", "17:00", "18:00", "19:00"]);
});
