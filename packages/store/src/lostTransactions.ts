import { closeSync, openSync, readSync } from "node:fs";

/** https://sqlite.org/fileformat2.html#walformat */
const headerBytes = 32;
const frameHeaderBytes = 24;
const bigEndianSums = 0x377f0683;
const littleEndianSums = 0x377f0682;

/** As SQLite makes them unless told otherwise, which it is not. */
const usualPageBytes = 4096;

interface WalHeader {
  readonly pageBytes: number;
  readonly isBigEndian: boolean;
  /** What all frames of this round carry. */
  readonly salt: Buffer;
  /** Of the header itself: those of the frames go on from it. Undefined where it is broken, and so nothing after it is read. */
  readonly sum: Sum | undefined;
}

type Sum = readonly [number, number];

/**
 * How many transactions of a write-ahead log come after a place where it is broken, and so are passed over by SQLite. The
 * last one counts only with another before it: whoever is killed leaves it unfinished, and nothing of it was acknowledged.
 *
 * Asked only while nobody writes, and before SQLite opens the file to write: it then takes what it has read for all there was.
 */
export function lostTransactions(walPath: string): number {
  const descriptor = openIfThere(walPath);
  if (descriptor === undefined) return 0;
  try {
    const header = readHeader(descriptor);
    return header === undefined ? 0 : Math.max(0, commitsAfterBreak(descriptor, header) - 1);
  } finally {
    closeSync(descriptor);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch {
    // None, or not ours to read: who opens the log next says so.
    return undefined;
  }
}

function readHeader(descriptor: number): WalHeader | undefined {
  const header = Buffer.alloc(headerBytes + frameHeaderBytes);
  if (readSync(descriptor, header, 0, header.length, 0) < header.length) return undefined;
  const magic = header.readUInt32BE(0);
  const isBigEndian = magic === bigEndianSums;
  const sum = addUp([0, 0], header.subarray(0, 24), isBigEndian);
  const isWhole = sum[0] === header.readUInt32BE(24) && sum[1] === header.readUInt32BE(28);
  if (isWhole && (isBigEndian || magic === littleEndianSums)) {
    return { pageBytes: header.readUInt32BE(8), isBigEndian, salt: header.subarray(16, 24), sum };
  }
  return { pageBytes: usualPageBytes, isBigEndian, salt: header.subarray(40, 48), sum: undefined };
}

/** Frames of an earlier round carry another salt: they are what a log that was begun anew has not written over yet. */
function commitsAfterBreak(descriptor: number, { pageBytes, isBigEndian, salt, sum }: WalHeader): number {
  const frame = Buffer.alloc(frameHeaderBytes + pageBytes);
  let running = sum;
  let commits = 0;
  for (let at = headerBytes; readSync(descriptor, frame, 0, frame.length, at) === frame.length; at += frame.length) {
    const isOfThisRound = frame.subarray(8, 16).equals(salt);
    if (running !== undefined) running = isOfThisRound ? goOn(running, frame, isBigEndian) : undefined;
    const endsTransaction = frame.readUInt32BE(4) !== 0;
    if (running === undefined && isOfThisRound && endsTransaction) commits += 1;
  }
  return commits;
}

/** The sum with this frame in it; undefined where the frame says another. */
function goOn(before: Sum, frame: Buffer, isBigEndian: boolean): Sum | undefined {
  const overHeader = addUp(before, frame.subarray(0, 8), isBigEndian);
  const found = addUp(overHeader, frame.subarray(frameHeaderBytes), isBigEndian);
  return found[0] === frame.readUInt32BE(16) && found[1] === frame.readUInt32BE(20) ? found : undefined;
}

function addUp([first, second]: Sum, bytes: Buffer, isBigEndian: boolean): Sum {
  const read = (at: number): number => (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  let [one, two] = [first, second];
  for (let at = 0; at < bytes.length; at += 8) {
    one = (one + read(at) + two) >>> 0;
    two = (two + read(at + 4) + one) >>> 0;
  }
  return [one, two];
}
