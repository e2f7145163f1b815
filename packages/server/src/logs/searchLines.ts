import { openIfThere } from "./lineIndex.ts";
import { logText } from "./logText.ts";

const chunkBytes = 1024 * 1024;
/** More are counted by nobody who looks for something. */
const mostCounted = 100_000;
const longestShown = 1000;

export interface SearchWish {
  /** Where line `fromNumber` begins. */
  readonly fromByte: number;
  readonly fromNumber: number;
  readonly firstLine: number;
  readonly text: string;
  readonly ignoreCase: boolean;
  readonly limit: number;
  /** Ends the search: what was found until then is the answer. */
  readonly until: () => boolean;
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

/** The lines that hold a text, in order; what is beyond `limit` is only counted. Never loads more than a part of the file. */
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
    search.take(part.toString("utf8", 0, end));
    carried = part.subarray(end);
    if (bytesRead === 0) break;
    if (search.total >= mostCounted || wish.until()) return search.found(false);
  }
  return search.found(true);
}

class Search {
  readonly #wish: SearchWish;
  readonly #needle: string;
  readonly #matches: Match[] = [];
  #number: number;
  total = 0;

  constructor(wish: SearchWish) {
    this.#wish = wish;
    this.#needle = this.#fold(wish.text);
    this.#number = wish.fromNumber;
  }

  take(text: string): void {
    const lines = text.split("\n");
    for (const [index, line] of lines.entries()) {
      const column = this.#fold(line).indexOf(this.#needle);
      if (column === -1 || this.#number + index < this.#wish.firstLine) continue;
      this.total += 1;
      if (this.#matches.length < this.#wish.limit) this.#matches.push(matchOf(line, this.#number + index, column));
    }
    this.#number += lines.length - 1;
  }

  found(isComplete: boolean): Found {
    return { matches: this.#matches, total: this.total, isComplete };
  }

  #fold(text: string): string {
    return this.#wish.ignoreCase ? text.toLowerCase() : text;
  }
}

/** Around the place, where the line is long. */
function matchOf(line: string, number: number, column: number): Match {
  const from = Math.max(0, column - longestShown / 2);
  return { line: number, column: column + 1, text: logText(line.slice(from, from + longestShown)) };
}
