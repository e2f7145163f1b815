import fc from "fast-check";
import { expect, test } from "vitest";
import { lineRangeText, readLineRange, stretchedTo } from "./lineRange.ts";
import { tickPlaces } from "./tickPlaces.ts";

test("lines are named as in the address or as in a link of other pages, and nothing else names one", () => {
  expect(["17", "10-20", "#L10-L20", "L20-L10", " 5 "].map(readLineRange)).toEqual([
    { from: 17, to: 17 },
    { from: 10, to: 20 },
    { from: 10, to: 20 },
    { from: 10, to: 20 },
    { from: 5, to: 5 },
  ]);
  expect(["", "0", "x", "1-", "-3", "1.5", "1e9"].map(readLineRange)).toEqual(
    Array.from({ length: 7 }, () => undefined),
  );
});

test("what is written into an address is read as the same lines, and stretching keeps the first or the last of them", () => {
  const line = fc.integer({ min: 1, max: 10_000_000 });
  fc.assert(
    fc.property(line, line, line, (one, other, to) => {
      const range = stretchedTo({ from: one, to: one }, other);
      expect(readLineRange(lineRangeText(range))).toEqual(range);
      const next = stretchedTo(range, to);
      expect(next.from <= to && to <= next.to).toBe(true);
    }),
  );
});

test("found lines that are too near to each other are one tick, in order, within the strip", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { maxLength: 1000 }), (found) => {
      const lines = found.toSorted((a, b) => a - b);
      const ticks = tickPlaces(lines, 100_000);
      expect(ticks.length <= 401 && ticks.length >= Math.min(1, lines.length)).toBe(true);
      expect(ticks.every(({ line, place }) => lines.includes(line) && place > 0 && place < 1)).toBe(true);
      expect(ticks.map(({ place }) => place)).toEqual(ticks.map(({ place }) => place).toSorted((a, b) => a - b));
    }),
  );
});
