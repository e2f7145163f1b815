import { alignSequences } from "./alignSequences.ts";

/** A part of a line, by its characters: the first, and one after the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface WordChanges {
  readonly before: readonly Range[];
  readonly after: readonly Range[];
}

/** A longer line is data: what differs in it is not looked for. */
const longestLine = 2000;
const mostEdits = 200;
/** Lines that have less than this in common are two lines, and marks on nearly everything tell nothing. */
const leastCommon = 0.3;

const nothing: WordChanges = { before: [], after: [] };

/** The words by which a changed line differs from what it was; nothing where the two have little in common. */
export function wordChanges(before: string, after: string): WordChanges {
  if (Math.max(before.length, after.length) > longestLine) return nothing;
  const [wordsBefore, wordsAfter] = [wordsOf(before), wordsOf(after)];
  const pairs = alignSequences(wordsBefore, wordsAfter, mostEdits);
  if (pairs === undefined) return nothing;
  const common = pairs.reduce((sum, [at]) => sum + (wordsBefore[at] ?? "").trim().length, 0);
  if (common < leastCommon * Math.max(lengthOf(wordsBefore), lengthOf(wordsAfter))) return nothing;
  return {
    before: rangesWithout(wordsBefore, new Set(pairs.map(([at]) => at))),
    after: rangesWithout(wordsAfter, new Set(pairs.map(([, at]) => at))),
  };
}

/** A word, blanks, or one other character. */
function wordsOf(line: string): readonly string[] {
  return line.match(/[\p{L}\p{N}_]+|\s+|[^]/gu) ?? [];
}

function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + word.trim().length, 0);
}

/** What is not in common; two that only blanks keep apart are one. */
function rangesWithout(words: readonly string[], common: ReadonlySet<number>): readonly Range[] {
  const ranges: Range[] = [];
  let offset = 0;
  let gap = "";
  for (const [at, word] of words.entries()) {
    if (common.has(at)) {
      gap += word;
    } else {
      const last = ranges.at(-1);
      const goesOn = last !== undefined && gap.trim() === "";
      if (goesOn) ranges.pop();
      ranges.push({ from: goesOn ? last.from : offset, to: offset + word.length });
      gap = "";
    }
    offset += word.length;
  }
  return ranges;
}
