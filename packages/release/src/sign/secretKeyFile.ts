import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { blake2b256 } from "./blake2b256.ts";
import { keyId, publicBytes, seedLength, seedOf, signingKeyOf } from "./keyPair.ts";
import type { SigningKey } from "./keyPair.ts";
import { scryptCosts } from "./scryptCosts.ts";

/** Algorithm, kind of lock, kind of checksum, salt, two limits, then what is locked: number, seed, public key, checksum. */
const at = { lock: 2, checksum: 4, salt: 6, operations: 38, memory: 46, locked: 54, end: 158 } as const;
/** In what is locked. */
const inside = { seed: 8, publicKey: 40, checksum: 72, end: 104 } as const;
const unlocked = Buffer.alloc(2);
/** As minisign writes: about a gigabyte and some seconds for each guess. */
const sensitive = { operations: 33_554_432, memory: 1_073_741_824 };
const slack = 64 * 1024 * 1024;

/** Why a file is not the secret key it should be; never says what was found there. */
export class KeyFileProblem extends Error {
  override readonly name = "KeyFileProblem";
}

/**
 * Reads what `minisign -G` wrote.
 *
 * @throws KeyFileProblem where it is something else, or the password is not its
 */
export async function readSecretKey(text: string, password: string | undefined): Promise<SigningKey> {
  const line = text.trim().split(/\r?\n/).at(-1) ?? "";
  const bytes = Buffer.from(line, "base64");
  if (bytes.length !== at.end || bytes.toString("latin1", 0, at.lock) !== "Ed") {
    throw new KeyFileProblem("it is no secret key of minisign (signify's and OpenSSL's are not read)");
  }
  const content = await contentOf(bytes, password);
  const [number, seed] = [content.subarray(0, inside.seed), content.subarray(inside.seed, inside.publicKey)];
  const key = signingKeyOf(Buffer.from(number), Buffer.from(seed), false);
  // Stronger than the checksum: what a wrong password gives is no pair.
  if (publicBytes(key.secret).equals(content.subarray(inside.publicKey, inside.checksum))) return key;
  throw new KeyFileProblem(isLocked(bytes) ? "the password is not the one it is locked with" : "its two halves differ");
}

/** The file of a key, locked with a password where one is given. minisign reads it. */
export async function secretKeyFile(
  key: SigningKey,
  password: string | undefined,
  limits: { readonly operations: number; readonly memory: number } = sensitive,
): Promise<string> {
  const content = Buffer.concat([key.number, seedOf(key.secret), publicBytes(key.secret), Buffer.alloc(seedLength)]);
  const bytes = Buffer.alloc(at.end);
  bytes.write("Ed\0\0B2", 0, "latin1");
  if (password !== undefined) {
    bytes.write("Sc", at.lock, "latin1");
    randomBytes(at.operations - at.salt).copy(bytes, at.salt);
    bytes.writeBigUInt64LE(BigInt(limits.operations), at.operations);
    bytes.writeBigUInt64LE(BigInt(limits.memory), at.memory);
    blake2b256(Buffer.concat([Buffer.from("Ed"), content.subarray(0, inside.checksum)])).copy(content, inside.checksum);
  }
  const stored = password === undefined ? content : mixed(content, await stream(bytes, password));
  stored.copy(bytes, at.locked);
  return `untrusted comment: minisign encrypted secret key\n${bytes.toString("base64")}\n`;
}

async function contentOf(bytes: Buffer, password: string | undefined): Promise<Buffer> {
  const stored = bytes.subarray(at.locked);
  if (!isLocked(bytes)) return stored;
  if (bytes.toString("latin1", at.lock, at.checksum) !== "Sc")
    throw new KeyFileProblem("it is locked in an unknown way");
  if (password === undefined) throw new KeyFileProblem("it is locked with a password, and none was given");
  return mixed(stored, await stream(bytes, password));
}

function isLocked(bytes: Buffer): boolean {
  return !bytes.subarray(at.lock, at.checksum).equals(unlocked);
}

/** What a locked key is mixed with. */
async function stream(bytes: Buffer, password: string): Promise<Buffer> {
  const [operations, memory] = [bytes.readBigUInt64LE(at.operations), bytes.readBigUInt64LE(at.memory)];
  if (operations > BigInt(sensitive.operations) || memory > BigInt(sensitive.memory)) {
    throw new KeyFileProblem("it asks for more memory than any key does");
  }
  const { cost, ...rest } = scryptCosts(Number(operations), Number(memory));
  const options = { ...rest, cost, maxmem: 128 * cost * rest.blockSize + slack };
  const derive = promisify<string, Buffer, number, typeof options, Buffer>(scrypt);
  return derive(password, bytes.subarray(at.salt, at.operations), inside.end, options);
}

function mixed(content: Buffer, pad: Buffer): Buffer {
  return Buffer.from(content.map((byte, index) => byte ^ (pad[index] ?? 0)));
}

/** The file everybody may have, as minisign and signify read it. */
export function publicKeyFile(key: SigningKey): string {
  return `untrusted comment: minisign public key ${keyId(key)}\n${key.publicLine}\n`;
}
