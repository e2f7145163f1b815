import { PatternThread } from "./patternThread.ts";
import { holding, searchLines } from "./searchLines.ts";
import type { Found, SearchWish } from "./searchLines.ts";

export interface OutputSearch extends Omit<SearchWish, "find"> {
  readonly text: string;
  /** True: `text` is a regular expression, as JavaScript has them. */
  readonly isPattern: boolean;
  readonly ignoreCase: boolean;
  readonly signal: AbortSignal;
}

/**
 * The lines of an output that hold a text or match a pattern. A colour within a line is no part of it.
 *
 * @throws Refusal for a pattern that cannot be read, or takes too long
 */
export async function searchOutput(path: string, search: OutputSearch): Promise<Found> {
  const { text, isPattern, ignoreCase, signal } = search;
  const until = (): boolean => signal.aborted || search.until();
  if (!isPattern) return searchLines(path, { ...search, find: holding(text, ignoreCase), until });
  using thread = new PatternThread({ pattern: text, ignoreCase, signal });
  return await searchLines(path, { ...search, find: (lines) => thread.find(lines), until });
}
