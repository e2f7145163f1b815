import fc from "fast-check";
import { expect, test } from "vitest";
import { fitted, panned, showing, zoomedAt } from "./camera.ts";

const size = fc.record({ width: fc.integer({ min: 100, max: 8000 }), height: fc.integer({ min: 100, max: 8000 }) });

test("a graph that fits is in the middle of its box, and not enlarged", () => {
  expect(fitted({ width: 200, height: 100 }, { width: 1000, height: 500 })).toEqual({ scale: 1, x: 400, y: 200 });
});

test("what is under the pointer stays there as one zooms", () => {
  const place = fc.record({ x: fc.integer({ min: 0, max: 2000 }), y: fc.integer({ min: 0, max: 2000 }) });
  fc.assert(
    fc.property(size, size, place, fc.double({ min: 0.2, max: 5, noNaN: true }), (graph, box, at, factor) => {
      const before = fitted(graph, box);
      const after = zoomedAt(before, factor, at);
      const graphX = (camera: typeof before) => (at.x - camera.x) / camera.scale;
      expect(graphX(after)).toBeCloseTo(graphX(before), 3);
      expect(after.scale).toBeGreaterThanOrEqual(0.1);
      expect(after.scale).toBeLessThanOrEqual(2);
    }),
  );
});

test("what has the focus is brought into the box, wherever one had moved to", () => {
  fc.assert(
    fc.property(size, fc.integer({ min: -9000, max: 9000 }), (box, away) => {
      const camera = showing(panned({ x: 0, y: 0, scale: 1 }, away, -away), { x: 500, y: 700 }, box);
      expect(500 + camera.x).toBeGreaterThan(0);
      expect(500 + camera.x).toBeLessThan(box.width);
      expect(700 + camera.y).toBeGreaterThan(0);
      expect(700 + camera.y).toBeLessThan(box.height);
    }),
  );
});
