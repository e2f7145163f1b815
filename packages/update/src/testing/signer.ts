import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { parsePublicKey } from "../minisign/publicKey.ts";
import type { ReleaseKey } from "../keys/releaseKeys.ts";

export interface Signer {
  /** As it is pinned. */
  readonly line: string;
  readonly key: ReleaseKey;
  /** As minisign writes it, or without a comment as signify does. */
  sign(content: string | Buffer, options?: { readonly of?: "hash" | "content"; readonly comment?: string }): string;
}

/** Somebody with a key, the same for the same name. */
export function makeSigner(name: string, more: Partial<ReleaseKey> = {}): Signer {
  const seed = createHash("sha256").update(name).digest();
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const secret = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const number = seed.subarray(0, 8);
  const bytes = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(12);
  const line = Buffer.concat([Buffer.from("Ed"), number, bytes]).toString("base64");
  const key = parsePublicKey(line);
  if ("problem" in key) throw new Error(key.problem);
  return {
    line,
    key: { ...key, isTest: false, ...more },
    sign(content, { of = "hash", comment } = {}) {
      const signed = of === "hash" ? createHash("blake2b512").update(content).digest() : Buffer.from(content);
      const signature = sign(null, signed, secret);
      const algorithm = Buffer.from(of === "hash" ? "ED" : "Ed");
      const first = `untrusted comment: of ${name}\n${Buffer.concat([algorithm, number, signature]).toString("base64")}\n`;
      if (comment === undefined) return first;
      const second = sign(null, Buffer.concat([signature, Buffer.from(comment)]), secret);
      return `${first}trusted comment: ${comment}\n${second.toString("base64")}\n`;
    },
  };
}
