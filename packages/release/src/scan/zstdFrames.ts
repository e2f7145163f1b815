import { constants, zstdDecompressSync } from "node:zlib";
import { mostUnpacked } from "./part.ts";

const mark = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const widestWindow = 31;

export function isZstd(bytes: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark);
}

/** Everything in here that is packed with Zstandard, wherever it begins: an executable carries its files behind its own code. */
export function zstdFrames(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(mark); at !== -1;) {
    const end = frameEnd(bytes, at);
    const content = end === undefined ? undefined : unpacked(bytes.subarray(at, end));
    if (content !== undefined) found.push(content);
    at = bytes.indexOf(mark, content === undefined || end === undefined ? at + mark.length : end);
  }
  return found;
}

/** Undefined for bytes that only begin like a frame: the code that unpacks them has the mark in it too. */
function unpacked(frame: Buffer): Buffer | undefined {
  try {
    const params = { [constants.ZSTD_d_windowLogMax]: widestWindow };
    return zstdDecompressSync(frame, { params, maxOutputLength: mostUnpacked });
  } catch {
    return undefined;
  }
}

/** By the lengths of its blocks (RFC 8878, 3.1.1). */
function frameEnd(bytes: Buffer, start: number): number | undefined {
  const descriptor = bytes[start + mark.length] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeField = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  let at = start + mark.length + 1 + (isSingle ? 0 : 1) + dictionary + sizeField;
  for (let isLast = false; !isLast;) {
    if (at + 3 > bytes.length) return undefined;
    const header = bytes.readUIntLE(at, 3);
    const kind = (header >> 1) & 3;
    if (kind === 3) return undefined;
    isLast = (header & 1) === 1;
    at += 3 + (kind === 1 ? 1 : header >> 3);
  }
  const end = at + ((descriptor & 4) === 0 ? 0 : 4);
  return end <= bytes.length ? end : undefined;
}
