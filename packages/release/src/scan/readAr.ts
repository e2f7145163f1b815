import type { Part } from "./part.ts";

const mark = "!<arch>\n";
const headerLength = 60;

export function isAr(bytes: Buffer): boolean {
  return bytes.toString("latin1", 0, mark.length) === mark;
}

/** The members of what a `.deb` is. */
export function readAr(bytes: Buffer): readonly Part[] {
  const parts: Part[] = [];
  for (let at = mark.length; at + headerLength <= bytes.length;) {
    const header = bytes.toString("latin1", at, at + headerLength);
    const size = Number.parseInt(header.slice(48, 58), 10);
    if (Number.isNaN(size)) throw new Error("a header of the ar cannot be read");
    const from = at + headerLength;
    parts.push({ name: header.slice(0, 16).trim(), bytes: bytes.subarray(from, from + size) });
    at = from + size + (size % 2);
  }
  return parts;
}
