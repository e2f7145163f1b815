import * as fc from "fast-check";
import { expect, test } from "vitest";
import { rowHeight, windowOf } from "./logWindow.ts";

const totals = fc.integer({ min: 0, max: 10_000_000 });
const heights = fc.integer({ min: 100, max: 3_000 });

test("wherever one scrolls to, the rows in the document cover what is seen", () => {
  fc.assert(
    fc.property(totals, heights, fc.double({ min: 0, max: 1, noNaN: true }), (total, height, share) => {
      const whole = windowOf(total, { top: 0, height }).height;
      const top = Math.max(0, whole - height) * share;
      const { from, to, offset } = windowOf(total, { top, height });
      if (total === 0) return;
      const end = offset + (to - from + 1) * rowHeight;
      expect(offset).toBeLessThanOrEqual(top + 0.001);
      expect(end).toBeGreaterThanOrEqual(Math.min(top + height, whole) - 0.001);
    }),
  );
});

test("the document has a bounded number of rows, and is no higher than a browser scrolls", () => {
  fc.assert(
    fc.property(totals, heights, fc.nat(), (total, height, top) => {
      const seen = windowOf(total, { top, height });
      expect(seen.to - seen.from).toBeLessThan(height / rowHeight + 45);
      expect(seen.height).toBeLessThanOrEqual(12_000_000);
    }),
  );
});

test("a line that one goes to is in sight", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), heights, fc.nat(), (total, height, pick) => {
      const line = (pick % total) + 1;
      const { topOf, height: whole } = windowOf(total, { top: 0, height });
      const top = Math.min(topOf(line), Math.max(0, whole - height));
      const { from, to } = windowOf(total, { top, height });
      expect(line).toBeGreaterThanOrEqual(from);
      expect(line).toBeLessThanOrEqual(to);
    }),
  );
});
