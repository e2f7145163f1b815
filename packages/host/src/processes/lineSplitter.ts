const newline = 0x0a;
const carriageReturn = 0x0d;
const firstCapacity = 4096;
/** A line buffer larger than this is given back after its line, so that one long line does not stay in memory. */
const keptCapacity = 1024 * 1024;

export interface LineSplitter {
  /** Takes `chunk` in whole; it may be overwritten afterwards. */
  push(chunk: Buffer): void;
  /** Hands on the last line where it had no newline. The splitter can go on being used. */
  end(): void;
}

/**
 * Splits bytes into lines on byte 0x0A, without a limit on a line's length but with one on kept memory: a line whose
 * content is longer than `maxLineBytes` is handed on cut (at the border of a character) with the number of bytes left out.
 * One carriage return before the newline is no part of the line. Only whole lines are decoded, so a character cut by a
 * chunk's border is whole again; bytes that are no UTF-8 become U+FFFD, NUL stays.
 */
export function createLineSplitter(
  maxLineBytes: number,
  onLine: (text: string, droppedBytes: number) => void,
): LineSplitter {
  let held = Buffer.alloc(0);
  let heldBytes = 0;
  /** Bytes of the line so far, those not held included. */
  let lineBytes = 0;
  let lastByte = 0;

  const hold = (chunk: Buffer, start: number, end: number): void => {
    if (end === start) return;
    lineBytes += end - start;
    lastByte = chunk[end - 1] ?? 0;
    const take = Math.min(end - start, maxLineBytes - heldBytes);
    if (take <= 0) return;
    if (heldBytes + take > held.length) held = grow(held, heldBytes, Math.min(maxLineBytes, (heldBytes + take) * 2));
    chunk.copy(held, heldBytes, start, start + take);
    heldBytes += take;
  };

  const handOnHeld = (): void => {
    const content = lineBytes - (lastByte === carriageReturn ? 1 : 0);
    const kept = content > heldBytes ? characterBorder(held, heldBytes) : content;
    const text = held.toString("utf8", 0, kept);
    if (held.length > keptCapacity) held = Buffer.alloc(0);
    heldBytes = 0;
    lineBytes = 0;
    lastByte = 0;
    onLine(text, content - kept);
  };

  const push = (chunk: Buffer): void => {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const content = end > start && chunk[end - 1] === carriageReturn ? end - 1 : end;
      if (lineBytes === 0 && content - start <= maxLineBytes) onLine(chunk.toString("utf8", start, content), 0);
      else {
        hold(chunk, start, end);
        handOnHeld();
      }
      start = end + 1;
    }
    hold(chunk, start, chunk.length);
  };

  return {
    push,
    end: () => {
      if (lineBytes > 0) handOnHeld();
    },
  };
}

function grow(old: Buffer<ArrayBuffer>, used: number, capacity: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafe(Math.max(firstCapacity, capacity));
  old.copy(larger, 0, 0, used);
  return larger;
}

/** The largest length up to `length` that does not end inside a UTF-8 sequence. */
function characterBorder(bytes: Buffer, length: number): number {
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? length - back : length;
  }
  return length;
}
