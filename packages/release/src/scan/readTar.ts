import type { Part } from "./part.ts";

const block = 512;
const notATar = Buffer.from("\n");

export function isTar(bytes: Buffer): boolean {
  return bytes.length >= 2 * block && bytes.toString("latin1", 257, 262) === "ustar";
}

/** Every member, and all headers as one more: they name who packed them. */
export function readTar(bytes: Buffer): readonly Part[] {
  const parts: Part[] = [];
  const headers: Buffer[] = [];
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0;) {
    const header = bytes.subarray(at, at + block);
    const size = Number.parseInt(text(header, 124, 136).trim(), 8);
    if (Number.isNaN(size)) throw new Error("a header of the tar cannot be read");
    const [prefix, name] = [text(header, 345, 500), text(header, 0, 100)];
    headers.push(header);
    parts.push({
      name: prefix === "" ? name : `${prefix}/${name}`,
      bytes: bytes.subarray(at + block, at + block + size),
    });
    at += block + Math.ceil(size / block) * block;
  }
  // One behind the other they would be taken for a tar again, with members that nobody packed.
  return [...parts, { name: "(headers)", bytes: Buffer.concat([notATar, ...headers]) }];
}

function text(header: Buffer, from: number, to: number): string {
  return header.toString("utf8", from, to).split("\0", 1)[0] ?? "";
}
