import { inflateRawSync } from "node:zlib";
import type { Part } from "./part.ts";
import { mostUnpacked } from "./part.ts";

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
const endLength = 22;
const deflated = 8;

export function isZip(bytes: Buffer): boolean {
  return bytes.length >= endLength && bytes.readUInt32BE(0) === 0x504b0304;
}

/** Every member of the list at the end, which is the one installers go by, and the list itself. */
export function readZip(bytes: Buffer): readonly Part[] {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1 || bytes.readUInt32LE(end) !== endMark) throw new Error("the zip has no end");
  const [count, listAt] = [bytes.readUInt16LE(end + 10), bytes.readUInt32LE(end + 16)];
  const parts: Part[] = [];
  let at = listAt;
  for (let index = 0; index < count; index += 1) {
    if (bytes.readUInt32LE(at) !== entryMark) throw new Error("the list of the zip cannot be read");
    const lengths = [28, 30, 32].map((where) => bytes.readUInt16LE(at + where));
    const [nameLength = 0, extra = 0, comment = 0] = lengths;
    parts.push({ name: bytes.toString("utf8", at + 46, at + 46 + nameLength), bytes: memberOf(bytes, at) });
    at += 46 + nameLength + extra + comment;
  }
  return [...parts, { name: "(list)", bytes: bytes.subarray(listAt) }];
}

function memberOf(bytes: Buffer, entry: number): Buffer {
  const [method, size, local] = [
    bytes.readUInt16LE(entry + 10),
    bytes.readUInt32LE(entry + 20),
    bytes.readUInt32LE(entry + 42),
  ];
  const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(from, from + size);
  if (method === 0) return packed;
  if (method === deflated) return inflateRawSync(packed, { maxOutputLength: mostUnpacked });
  throw new Error(`a member of the zip is packed by method ${method}`);
}
