import { createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Unreadable } from "../unreadable.ts";
import { decodeBase64 } from "./decodeBase64.ts";

/** Who may have signed something, as minisign and signify have it. */
export interface PublicKey {
  /** Sixteen digits, as `minisign` prints it. */
  readonly id: string;
  readonly key: KeyObject;
}

const untrusted = "untrusted comment:";
const algorithm = "Ed";
/** Algorithm, number and key. */
const length = 2 + 8 + 32;
/** A file of two lines; nothing of it is longer. */
const longest = 2048;
/** What an Ed25519 key is in front of its bytes, in the words of X.509. */
const spki = Buffer.from("302a300506032b6570032100", "hex");

/** Reads a key as one line (`RW…`) or as the file of two that `minisign -G` and `signify -G` write. */
export function parsePublicKey(text: string): PublicKey | Unreadable {
  if (text.length > longest) return { problem: "it is longer than any public key" };
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  const [first = "", second = "", ...others] = lines;
  const line = first.startsWith(untrusted) ? second : first;
  const bytes =
    lines.length > (first.startsWith(untrusted) ? 2 : 1) || others.length > 0 ? undefined : decodeBase64(line, length);
  if (bytes === undefined || bytes.toString("latin1", 0, 2) !== algorithm) {
    return { problem: "it is no public key of minisign or signify, which begins with `RW` and has 56 characters" };
  }
  return { id: keyId(bytes.subarray(2, 10)), key: ed25519Key(bytes.subarray(10)) };
}

/** The number of a key is written the other way round: it is one, in little-endian. */
export function keyId(bytes: Uint8Array): string {
  return Buffer.from(bytes.toReversed()).toString("hex").toUpperCase();
}

function ed25519Key(bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([spki, bytes]), format: "der", type: "spki" });
}
