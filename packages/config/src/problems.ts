import { caretExcerpt } from "@claude-orchestrator/domain";

/** One thing to put right in the file. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count them. */
  readonly column: number;
  /** One sentence without a full stop. */
  readonly message: string;
  /** The line of the file, and a caret under the place. */
  readonly excerpt: string;
  /** What to do, one sentence. */
  readonly hint?: string;
}

/** A problem before its offset in the text has been turned into a line and a column. */
export interface RawProblem {
  readonly offset: number;
  readonly message: string;
  readonly hint?: Hint | undefined;
}

/** Looking for what was meant costs time, so it is put off until it is known that the problem will be shown. */
export type Hint = string | (() => string | undefined);

/** More than this many are of no use to anyone: the rest is counted. */
const mostProblems = 100;

/** Gathers problems of one text; each (place, sentence) once. */
export class ProblemList {
  private readonly found = new Map<string, RawProblem>();

  add(problem: RawProblem): void {
    const key = `${problem.offset} ${problem.message}`;
    if (!this.found.has(key)) this.found.set(key, problem);
  }

  get isEmpty(): boolean {
    return this.found.size === 0;
  }

  /** All of them in the order of the text, with line, column and excerpt. */
  located(file: string, text: string): readonly Problem[] {
    const sorted = [...this.found.values()].toSorted((a, b) => a.offset - b.offset);
    const lineStarts = lineStartsOf(text);
    const shown = sorted.slice(0, mostProblems).map((problem) => locateProblem(problem, file, { text, lineStarts }));
    const last = shown.at(-1);
    if (sorted.length <= mostProblems || last === undefined) return shown;
    const { hint: _, ...place } = last;
    return [...shown, { ...place, message: `there are ${sorted.length - mostProblems} more problems after this one` }];
  }
}

interface IndexedText {
  readonly text: string;
  readonly lineStarts: readonly number[];
}

function locateProblem(
  { offset, message, hint }: RawProblem,
  file: string,
  { text, lineStarts }: IndexedText,
): Problem {
  const at = Math.min(Math.max(offset, 0), text.length);
  const line = lineOf(lineStarts, at);
  const column = at - (lineStarts[line - 1] ?? 0) + 1;
  const place = { file, line, column, message, excerpt: caretExcerpt(text, at) };
  const words = typeof hint === "function" ? hint() : hint;
  return words === undefined ? place : { ...place, hint: words };
}

/** Where each line begins, from the first. */
export function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The line, from 1, that holds this offset. */
export function lineOf(lineStarts: readonly number[], offset: number): number {
  let [low, high] = [0, lineStarts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** All problems as text for a terminal or a log: place and sentence, the line with a caret, the hint. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ file, line, column, message, excerpt, hint }) => {
      const lines = [`${file}:${line}:${column}: ${message}`, ...excerpt.split("\n").map((each) => `    ${each}`)];
      return [...lines, ...(hint === undefined ? [] : [`  hint: ${hint}`])].join("\n");
    })
    .join("\n\n");
}
