import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";
import { createLineSplitter } from "./lineSplitter.ts";

/** How many bytes before the place we stand at are read again, to see whether the file was cut and rewritten meanwhile. */
const overlapBytes = 16;

/** Follows one output file that a process writes and we read, line by line. */
export interface OutputTail {
  /** Given to the process as its standard output or error. */
  readonly fd: number;
  /** Hands on what was written since, about `budget` bytes of it at most; answers how many bytes there were. */
  read(buffer: Buffer, budget: number): number;
  /** Bytes in the file that have not been handed on. */
  behind(): number;
  /** Hands on the last line where it had no newline, and lets go of the file. */
  close(): void;
}

export interface TailReader {
  line(text: string, droppedBytes: number): void;
  /** The process cut its own output file (`> /dev/stdout` in a shell): what it wrote since the last look is lost. */
  truncated(): void;
}

/**
 * Opens (or makes, mode 0600, its folders 0700) the file a process will write to. One descriptor serves both sides: the
 * process appends to it, we read it by position. What the file held before is not handed on.
 *
 * @throws the error of the file system (EMFILE, ENOSPC, EACCES, ELOOP for a symbolic link …)
 */
export function openOutputTail(path: string, maxLineBytes: number, reader: TailReader): OutputTail {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | noLinks;
  const fd = openSync(path, flags, 0o600);
  return follow({ fd, position: fstatSync(fd).size, maxLineBytes, reader });
}

/** Opens the file a process of before writes or wrote to, to be read from its first byte; undefined where it cannot be read. */
export function openLeftTail(path: string, maxLineBytes: number, reader: TailReader): OutputTail | undefined {
  try {
    return follow({ fd: openSync(path, constants.O_RDONLY | noLinks), position: 0, maxLineBytes, reader });
  } catch {
    // Removed, or no longer ours to read: what it held is lost, and whoever asks must know that.
    return undefined;
  }
}

const noLinks = constants.O_NOFOLLOW ?? 0;

interface Followed {
  readonly fd: number;
  readonly position: number;
  readonly maxLineBytes: number;
  readonly reader: TailReader;
}

function follow({ fd, position: start, maxLineBytes, reader }: Followed): OutputTail {
  const splitter = createLineSplitter(maxLineBytes, (text, dropped) => reader.line(text, dropped));
  const before = Buffer.alloc(overlapBytes);
  let position = start;
  let overlap = 0;

  const startAgain = (): void => {
    splitter.end();
    position = 0;
    overlap = 0;
    reader.truncated();
  };

  /** Bytes of news, at most a buffer full; undefined where the file was cut. */
  const readOnce = (buffer: Buffer): number | undefined => {
    const got = readSync(fd, buffer, 0, buffer.length, position - overlap);
    if (got < overlap || buffer.compare(before, 0, overlap, 0, overlap) !== 0) return undefined;
    if (got === overlap) return 0;
    const news = got - overlap;
    position += news;
    const from = overlap;
    overlap = Math.min(overlapBytes, got);
    buffer.copy(before, 0, got - overlap, got);
    splitter.push(buffer.subarray(from, got));
    return news;
  };

  const read = (buffer: Buffer, budget: number): number => {
    let total = 0;
    for (;;) {
      const news = readOnce(buffer);
      if (news === undefined) startAgain();
      else {
        total += news;
        if (news === 0 || total >= budget) return total;
      }
    }
  };

  return {
    fd,
    read,
    behind: () => Math.max(0, fstatSync(fd).size - position),
    close: () => {
      splitter.end();
      closeSync(fd);
    },
  };
}
