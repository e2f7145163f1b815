import fc from "fast-check";
import { expect, test } from "vitest";
import { makeRunId, parseRunId } from "./ids.ts";

test("every id that is made can be parsed, and later ones sort later", () => {
  const now = fc.integer({ min: 1_600_000_000_000, max: 2_100_000_000_000 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(now, random, random, (at, first, second) => {
      const earlier = makeRunId(at, () => first);
      expect(parseRunId(earlier)).toBe(earlier);
      expect(earlier < makeRunId(at + 1000, () => second)).toBe(true);
    }),
  );
});

test("nothing else is an id", () => {
  expect(["", "run_", "run_ABCDEFGHIJ", "../run_0000000000", "run_0000000000\n"].map(parseRunId)).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});
