import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** Whoever has this signs releases. */
export interface SigningKey {
  /** Eight bytes, by which signatures say whose they are. */
  readonly number: Buffer;
  readonly secret: KeyObject;
  /** Its public half as one line, as it is pinned in the program. */
  readonly publicLine: string;
  /** Signatures of it are of no release. */
  readonly isTest: boolean;
}

/** What Ed25519 keys have in front of their bytes in PKCS 8. */
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");
export const seedLength = 32;

export function signingKeyOf(number: Buffer, seed: Buffer, isTest: boolean): SigningKey {
  const secret = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: "der", type: "pkcs8" });
  const line = Buffer.concat([Buffer.from("Ed"), number, publicBytes(secret)]).toString("base64");
  return { number, secret, publicLine: line, isTest };
}

export function newSigningKey(): SigningKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  return signingKeyOf(randomBytes(8), seedOf(privateKey), false);
}

export function seedOf(secret: KeyObject): Buffer {
  return secret.export({ format: "der", type: "pkcs8" }).subarray(-seedLength);
}

export function publicBytes(secret: KeyObject): Buffer {
  return createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-seedLength);
}

/** As minisign prints it, and `verify`: the number, in little-endian. */
export function keyId({ number }: SigningKey): string {
  return Buffer.from(number.toReversed()).toString("hex").toUpperCase();
}
