import { createReadStream } from "node:fs";
import type { Masker } from "./masker.ts";

/** So much is masked at once, up to the end of a line. */
const blockCharacters = 1024 * 1024;

/** A line longer than this is masked in parts; a key across two of them would not be found. */
const longestLine = 32 * 1024 * 1024;

/** A private key takes several lines: a block never ends inside one that is no longer than this. */
const longestKey = 64 * 1024;

/** The first `bytes` of a file, masked. Whatever is no secret passes through byte for byte. */
export async function* maskedFile(path: string, bytes: number, masker: Masker): AsyncIterable<Buffer> {
  if (bytes === 0) return;
  let pending = "";
  for await (const chunk of createReadStream(path, { encoding: "latin1", end: bytes - 1 })) {
    pending += String(chunk);
    const cut = pending.length < blockCharacters ? 0 : placeToCut(pending);
    if (cut === 0) continue;
    yield Buffer.from(masker.mask(pending.slice(0, cut)), "latin1");
    pending = pending.slice(cut);
  }
  yield Buffer.from(masker.mask(pending), "latin1");
}

/** Where what is masked now ends; 0: more is read first. */
function placeToCut(text: string): number {
  const line = text.lastIndexOf("\n") + 1;
  if (line === 0) return text.length < longestLine ? 0 : text.length;
  const key = text.lastIndexOf("-----BEGIN ", line);
  const isInside = key !== -1 && !text.slice(key, line).includes("-----END ") && text.length - key < longestKey;
  return isInside ? key : line;
}
