import fc from "fast-check";
import { expect, test } from "vitest";
import { patternProblem } from "./patternProblem.ts";

test("a pattern that cannot be read says what is wrong and at which character", () => {
  const columns = ["a(b", "a)b", "*a", "ab**", "x[a-", "[z-a]", "a\\", "(?<n>a)(b", "x{3,1}", "((a)", "(?<n"].map(
    (pattern) => [pattern, patternProblem(pattern)?.column],
  );
  expect(Object.fromEntries(columns)).toEqual({
    "a(b": 2,
    "a)b": 2,
    "*a": 1,
    "ab**": 4,
    "x[a-": 2,
    "[z-a]": 4,
    "a\\": 2,
    "(?<n>a)(b": 8,
    "x{3,1}": 6,
    "((a)": 1,
    "(?<n": 2,
  });
  expect(patternProblem("a(b")?.message).toBe("unterminated group");
});

test("any text either is a pattern, or has a problem at one of its characters", () => {
  const text = fc.oneof(
    fc.string({ minLength: 1 }),
    fc
      .array(fc.constantFrom(..."()[]{}*+?|\\^$a1,-:<>=!".split("")), { minLength: 1, maxLength: 12 })
      .map((all) => all.join("")),
  );
  const isPattern = (pattern: string): boolean => {
    try {
      return new RegExp(pattern) instanceof RegExp;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(text, (pattern) => {
      const problem = patternProblem(pattern);
      expect(problem === undefined).toBe(isPattern(pattern));
      expect(problem === undefined || pattern[problem.column - 1] !== undefined).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
