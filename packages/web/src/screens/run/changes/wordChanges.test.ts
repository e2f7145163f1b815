import fc from "fast-check";
import { expect, test } from "vitest";
import { alignSequences } from "./alignSequences.ts";
import { codeParts } from "./codeParts.ts";
import { wordChanges } from "./wordChanges.ts";
import type { Range } from "./wordChanges.ts";

const words = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });

/** By the table of the textbook. */
function longestCommon(before: readonly string[], after: readonly string[]): number {
  let row = after.map(() => 0);
  for (const left of before) {
    const next: number[] = [];
    for (const [at, right] of after.entries()) {
      const both = left === right ? (row[at - 1] ?? 0) + 1 : 0;
      next.push(Math.max(both, row[at] ?? 0, next[at - 1] ?? 0));
    }
    row = next;
  }
  return Math.max(0, ...row);
}

test("what two lists have in common is in order, the same in both, and as much as there is", () => {
  fc.assert(
    fc.property(words, words, (before, after) => {
      const pairs = alignSequences(before, after, 100) ?? [];
      expect(pairs.length).toBe(longestCommon(before, after));
      for (const [at, [x, y]] of pairs.entries()) {
        expect(before[x]).toBe(after[y]);
        const [lastX, lastY] = pairs[at - 1] ?? [-1, -1];
        expect(x > lastX && y > lastY).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test("lists that differ too much are not aligned, and it takes no long time to see that", () => {
  const many = (word: string): string[] => Array.from({ length: 20_000 }, (_each, at) => `${word}${at}`);
  expect(alignSequences(many("a"), many("b"), 200)).toBe(undefined);
});

const marked = (text: string, ranges: readonly Range[]): readonly string[] => {
  return ranges.map(({ from, to }) => text.slice(from, to));
};

test("the words that differ are marked, one mark for words that only blanks keep apart", () => {
  const before = "export function rate(days: number) { return days * 71; }";
  const after = "export function monthly rate(days: number) { return days * 17 + fee; }";
  const { before: left, after: right } = wordChanges(before, after);
  expect([marked(before, left), marked(after, right)]).toEqual([["71"], ["monthly ", "17 + fee"]]);
});

test("lines that have little in common are two lines: nothing is marked", () => {
  expect(wordChanges("import { readFile } from fs", "const total = 17;")).toEqual({ before: [], after: [] });
  expect(wordChanges("x".repeat(5000), "y")).toEqual({ before: [], after: [] });
});

test("what is not marked is the same in both lines, whatever they hold", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 60 });
  const related = fc.tuple(line, line, line, line).map(([start, end, x, y]) => [start + x + end, start + y + end]);
  const without = (text: string, ranges: readonly Range[]): string => {
    return ranges.toReversed().reduce((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), text);
  };
  fc.assert(
    fc.property(related, ([before = "", after = ""]) => {
      const changes = wordChanges(before, after);
      if (changes.before.length + changes.after.length === 0) return;
      const bare = (text: string): string => text.replaceAll(/\s/g, "");
      expect(bare(without(before, changes.before))).toBe(bare(without(after, changes.after)));
    }),
    { numRuns: 500 },
  );
});

test("the parts of a line are the line, whatever tokens and marks there are", () => {
  const place = fc.nat({ max: 40 });
  const tokens = fc.array(fc.tuple(place, place, fc.nat({ max: 8 })), { maxLength: 8 });
  const marks = fc.array(fc.record({ from: place, to: place }), { maxLength: 8 });
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), tokens, marks, (text, triples, changed) => {
      const parts = codeParts(text, triples.flat(), changed);
      expect(parts.map((part) => part.text).join("")).toBe(text);
      expect(parts.every((part) => part.text !== "")).toBe(true);
    }),
  );
});
