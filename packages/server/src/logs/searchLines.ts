import { openIfThere } from "./lineIndex.ts";
import { logText } from "./logText.ts";

const chunkBytes = 1024 * 1024;
/** More are counted by nobody who looks for something. */
const mostCounted = 100_000;
const longestShown = 1000;
const escape = "\u001b";
const colours = new RegExp(`${escape}\\[[\\d;:]*m`, "g");

export interface SearchWish {
  /** Where line `fromNumber` begins. */
  readonly fromByte: number;
  readonly fromNumber: number;
  readonly firstLine: number;
  readonly find: FindLines;
  readonly limit: number;
  /** Ends the search: what was found until then is the answer. */
  readonly until: () => boolean;
}

/** Places in the list and columns from 0, in turns, of the lines that hold what is looked for. */
export type FindLines = (lines: readonly string[]) => readonly number[] | Promise<readonly number[]>;

/** For a plain text. */
export function holding(text: string, ignoreCase: boolean): FindLines {
  const fold = (each: string): string => (ignoreCase ? each.toLowerCase() : each);
  const needle = fold(text);
  return (lines) => {
    const found: number[] = [];
    for (const [at, line] of lines.entries()) {
      const column = fold(line).indexOf(needle);
      if (column !== -1) found.push(at, column);
    }
    return found;
  };
}

interface Match {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export interface Found {
  readonly matches: readonly Match[];
  readonly total: number;
  readonly isComplete: boolean;
}

/** The lines that hold something, in order; what is beyond `limit` is only counted. Never loads more than a part of the file. */
export async function searchLines(path: string, wish: SearchWish): Promise<Found> {
  const search = new Search(wish);
  let carried = Buffer.alloc(0);
  await using file = await openIfThere(path);
  for (let at = wish.fromByte; file !== undefined;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, at);
    at += bytesRead;
    const part = Buffer.concat([carried, buffer.subarray(0, bytesRead)]);
    // Whole lines only; of a line longer than a part, each part counts by itself.
    const end = bytesRead === 0 || part.length > 2 * chunkBytes ? part.length : part.lastIndexOf(10) + 1;
    await search.take(part.toString("utf8", 0, end));
    carried = part.subarray(end);
    if (bytesRead === 0) break;
    if (search.total >= mostCounted || wish.until()) return search.found(false);
  }
  return search.found(true);
}

class Search {
  readonly #wish: SearchWish;
  readonly #matches: Match[] = [];
  #number: number;
  total = 0;

  constructor(wish: SearchWish) {
    this.#wish = wish;
    this.#number = wish.fromNumber;
  }

  async take(text: string): Promise<void> {
    if (text === "") return;
    const lines = text.includes(escape) || text.includes("\r") ? text.split("\n").map(plainLine) : text.split("\n");
    const ended = lines.length - 1;
    // What follows the last line feed is no line.
    if (text.endsWith("\n")) lines.pop();
    const found = await this.#wish.find(lines);
    for (let at = 0; at + 1 < found.length; at += 2) {
      const [index = 0, column = 0] = found.slice(at, at + 2);
      this.#add(lines[index] ?? "", index, column);
    }
    this.#number += ended;
  }

  found(isComplete: boolean): Found {
    return { matches: this.#matches, total: this.total, isComplete };
  }

  #add(line: string, index: number, column: number): void {
    const number = this.#number + index;
    if (number < this.#wish.firstLine) return;
    this.total += 1;
    if (this.#matches.length < this.#wish.limit) this.#matches.push(matchOf(line, number, column));
  }
}

/** As it is seen: without colours in the middle of words, and without the carriage return before its end. */
function plainLine(line: string): string {
  const end = line.endsWith("\r") ? line.length - 1 : line.length;
  return line.includes(escape) ? line.slice(0, end).replaceAll(colours, "") : line.slice(0, end);
}

/** Around the place, where the line is long. */
function matchOf(line: string, number: number, column: number): Match {
  const from = Math.max(0, column - longestShown / 2);
  return { line: number, column: column + 1, text: logText(line.slice(from, from + longestShown)) };
}
