import { createHash, verify } from "node:crypto";
import type { PublicKey } from "./publicKey.ts";
import type { Signature } from "./parseSignature.ts";

/** What signify signs has to be in memory whole; nobody signs an executable that way. */
const largestUnhashed = 16 * 1024 * 1024;

/**
 * Why this is not the key's signature of the content; undefined where it is. The content is read once, a piece at a time (each is used before the next is asked for), and only
 * a signature of the content itself (not of its hash) needs all of it in memory.
 */
export async function signatureProblem(
  signature: Signature,
  { id, key }: PublicKey,
  content: AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  if (signature.keyId !== id) return `it is of key ${signature.keyId}, not of ${id}`;
  const signed = signature.of === "hash" ? await hashOf(content) : await wholeOf(content);
  if (signed === undefined) return "it is of a content too large to be signed unhashed: sign it with `minisign -H`";
  if (!verify(null, signed, key, signature.bytes)) return "the file is not what was signed";
  const { trusted } = signature;
  if (trusted === undefined) return undefined;
  const both = Buffer.concat([signature.bytes, Buffer.from(trusted.comment)]);
  return verify(null, both, key, trusted.bytes) ? undefined : "its trusted comment is not what was signed";
}

async function hashOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const hash = createHash("blake2b512");
  for await (const piece of content) hash.update(piece);
  return hash.digest();
}

async function wholeOf(content: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    if (size > largestUnhashed) return undefined;
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}
