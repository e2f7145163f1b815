import { createHash, sign } from "node:crypto";
import { keyId } from "./keyPair.ts";
import type { SigningKey } from "./keyPair.ts";

/** minisign's: of the hash, with a comment that is signed too. One line. */
export function minisignSignature(content: Buffer, key: SigningKey, comment: string): string {
  const signature = sign(null, createHash("blake2b512").update(content).digest(), key.secret);
  const second = sign(null, Buffer.concat([signature, Buffer.from(comment)]), key.secret);
  const first = line("ED", key, signature);
  const untrusted = `untrusted comment: signature of key ${keyId(key)}`;
  return `${untrusted}\n${first}\ntrusted comment: ${comment}\n${second.toString("base64")}\n`;
}

/** signify's: of the content itself, without a signed comment. Any Ed25519 can check it. */
export function signifySignature(content: Buffer, key: SigningKey): string {
  return `untrusted comment: signature of key ${keyId(key)}\n${line("Ed", key, sign(null, content, key.secret))}\n`;
}

function line(algorithm: "ED" | "Ed", { number }: SigningKey, signature: Buffer): string {
  return Buffer.concat([Buffer.from(algorithm), number, signature]).toString("base64");
}
