import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

/** Between two lines whose place is kept: a million lines take 4,000 numbers. */
const stride = 256;
/** At once: each read waits for a thread, which on a busy machine is longer than reading. */
const chunkBytes = 4 * 1024 * 1024;
const lineFeed = 10;

/** A longer line is cut where it is shown; its bytes are in the download. */
const longestLine = 16 * 1024;
/** Of one page. */
const mostBytes = 2 * 1024 * 1024;

export interface FoundLine {
  /** From 1. */
  readonly number: number;
  /** Where it begins in the file. */
  readonly byte: number;
  readonly text: string;
  readonly isCut: boolean;
}

/** Where the lines of a growing file are, found out once and gone on with as it grows. A missing file has none. */
export class LineIndex {
  readonly path: string;
  /** Where line 1, 1 + stride, … begin. */
  readonly #marks: number[] = [0];
  #lines = 0;
  #bytes = 0;
  #afterLastLine = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** Whole lines so far. */
  get lines(): number {
    return this.#lines;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Where what follows the last whole line begins. */
  get tailStart(): number {
    return this.#afterLastLine;
  }

  /** Looks at what was added since. One at a time, whoever asks. */
  extend(): Promise<void> {
    this.#work = this.#work.then(() => this.#readOn());
    return this.#work;
  }

  /**
   * At most `count` lines from number `from` on, at most 2 MB of them.
   *
   * @param withTail whether what follows the last line feed counts as a line: nobody will end it
   */
  async read(from: number, count: number, withTail: boolean): Promise<readonly FoundLine[]> {
    const last = this.#lines + (withTail && this.#bytes > this.#afterLastLine ? 1 : 0);
    const through = Math.min(last, from + count - 1);
    if (from > through) return [];
    const mark = Math.floor((from - 1) / stride);
    const found: FoundLine[] = [];
    const start = { number: mark * stride + 1, byte: this.#marks[mark] ?? 0 };
    let taken = 0;
    for await (const line of linesFrom(this.path, start, this.#bytes)) {
      if (line.number > through || taken > mostBytes) break;
      if (line.number < from) continue;
      taken += line.text.length;
      found.push(line);
    }
    return found;
  }

  /** The place of the nearest line at or before that number that is kept. */
  markBefore(line: number): { readonly number: number; readonly byte: number } {
    const mark = Math.min(Math.floor((line - 1) / stride), this.#marks.length - 1);
    return { number: mark * stride + 1, byte: this.#marks[mark] ?? 0 };
  }

  async #readOn(): Promise<void> {
    await using file = await openIfThere(this.path);
    if (file === undefined) return;
    for (;;) {
      const { size } = await file.stat();
      const wanted = Math.min(chunkBytes, size - this.#bytes);
      if (wanted <= 0) return;
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, this.#bytes);
      if (bytesRead === 0) return;
      this.#count(buffer.subarray(0, bytesRead));
    }
  }

  #count(chunk: Buffer): void {
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, at + 1)) {
      this.#lines += 1;
      this.#afterLastLine = this.#bytes + at + 1;
      if (this.#lines % stride === 0) this.#marks.push(this.#afterLastLine);
    }
    this.#bytes += chunk.length;
  }
}

/** The lines of a file from a place on; of a line that is too long, its beginning. */
async function* linesFrom(
  path: string,
  start: { readonly number: number; readonly byte: number },
  end: number,
): AsyncIterable<FoundLine> {
  await using file = await openIfThere(path);
  if (file === undefined) return;
  let { number, byte } = start;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let length = 0;
  for (let at = byte; at < end;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(64 * 1024), 0, Math.min(64 * 1024, end - at), at);
    if (bytesRead === 0) break;
    at += bytesRead;
    for (let from = 0; from < bytesRead;) {
      const feed = buffer.subarray(0, bytesRead).indexOf(lineFeed, from);
      const piece = buffer.subarray(from, feed === -1 ? bytesRead : feed);
      const room = longestLine - heldBytes;
      if (room > 0) held.push(piece.subarray(0, room));
      heldBytes += Math.min(room, piece.length);
      length += piece.length;
      if (feed === -1) break;
      yield { number, byte, text: textOf(held), isCut: length > longestLine };
      number += 1;
      byte += length + 1;
      [held, heldBytes, length] = [[], 0, 0];
      from = feed + 1;
    }
  }
  if (length > 0) yield { number, byte, text: textOf(held), isCut: length > longestLine };
}

function textOf(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString("utf8").replace(/\r$/, "");
}

/** Undefined where there is no such file yet. */
export async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
