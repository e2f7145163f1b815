import type { Unreadable } from "../unreadable.ts";
import { decodeBase64 } from "./decodeBase64.ts";
import { keyId } from "./publicKey.ts";

/** A detached signature, read and not yet believed. */
export interface Signature {
  /** Of the file's BLAKE2b-512, or of the file itself as signify and old minisign do. */
  readonly of: "hash" | "content";
  readonly keyId: string;
  /** 64 bytes. */
  readonly bytes: Buffer;
  /** minisign's second half; signify has none. */
  readonly trusted?: TrustedComment;
}

interface TrustedComment {
  readonly comment: string;
  /** Over the first signature and the comment. */
  readonly bytes: Buffer;
}

/** minisign allows 8 KiB for the trusted comment and 1 KiB for the other. */
export const longestSignature = 12_288;
const untrustedMark = "untrusted comment: ";
const trustedMark = "trusted comment: ";
const numberLength = 8;
const signatureLength = 64;

/** Reads a `.minisig` of four lines or a signify `.sig` of two. Says no to whatever neither of them would write. */
export function parseSignature(content: Uint8Array): Signature | Unreadable {
  if (content.length > longestSignature) return { problem: "it is longer than any signature" };
  const lines = linesOf(content);
  if (lines === undefined) return { problem: "it is no text" };
  const [untrusted, first = "", ...others] = lines;
  if (untrusted?.startsWith(untrustedMark) !== true) return { problem: "it does not begin with `untrusted comment: `" };
  const signature = readFirst(first);
  if (signature === undefined) return { problem: "its second line is no Ed25519 signature" };
  if (others.length === 0) return signature;
  const trusted = readSecond(others);
  return "problem" in trusted ? trusted : { ...signature, trusted };
}

function readFirst(line: string): Signature | undefined {
  const all = decodeBase64(line, 2 + numberLength + signatureLength);
  const of = { Ed: "content", ED: "hash" } as const;
  const algorithm = all?.toString("latin1", 0, 2);
  if (all === undefined || (algorithm !== "Ed" && algorithm !== "ED")) return undefined;
  return {
    of: of[algorithm],
    keyId: keyId(all.subarray(2, 2 + numberLength)),
    bytes: all.subarray(2 + numberLength),
  };
}

function readSecond([comment, signature = "", ...others]: readonly string[]): TrustedComment | Unreadable {
  if (comment?.startsWith(trustedMark) !== true || others.length > 0) {
    return { problem: "it has neither the two lines of signify nor the four of minisign" };
  }
  const bytes = decodeBase64(signature, signatureLength);
  if (bytes === undefined) return { problem: "the signature of its trusted comment is no Ed25519 signature" };
  return { comment: comment.slice(trustedMark.length), bytes };
}

function linesOf(content: Uint8Array): readonly string[] | undefined {
  try {
    const lines = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content).split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines.map((line) => line.replace(/\r$/, ""));
  } catch {
    return undefined;
  }
}
