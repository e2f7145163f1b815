import * as fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearest } from "./suggestions.ts";

const fields = ["prompt", "command", "needs", "allowed_tools", "concurrency", "budget", "timeout"];

test.each([
  ["promt", "prompt"],
  ["promtp", "prompt"],
  ["allowedTools", "allowed_tools"],
  ["allowed-tools", "allowed_tools"],
  ["depends_on", "needs"],
  ["budget_config", "budget"],
  ["max_parallel", "concurrency"],
])("%s was meant to be %s", (word, field) => {
  expect(nearest(word, fields)).toBe(field);
});

test.each(["metadata", "x", "version", ""])("%j resembles none", (word) => {
  expect(nearest(word, fields)).toBeUndefined();
});

test("an edit distance is symmetric, and nothing only between equals", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});
