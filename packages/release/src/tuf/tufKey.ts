import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { canonicalize } from "@tufjs/canonical-json";

/** The public half of an Ed25519 key, as root metadata lists it. */
export interface PublicTufKey {
  /** By which metadata names it: the hash of what it is. */
  readonly id: string;
  readonly public: {
    readonly keytype: "ed25519";
    readonly scheme: "ed25519";
    readonly keyval: { readonly public: string };
  };
}

/** A key that signs metadata. */
export interface TufKey extends PublicTufKey {
  /** In hex. */
  sign(data: Buffer): string;
}

/** @throws Error for a key of another kind */
export function tufKey(privateKey: KeyObject): TufKey {
  return {
    ...publicTufKey(createPublicKey(privateKey)),
    sign: (data) => sign(null, data, privateKey).toString("hex"),
  };
}

/** @throws Error for a key of another kind */
export function publicTufKey(publicKey: KeyObject): PublicTufKey {
  if (publicKey.asymmetricKeyType !== "ed25519") throw new Error("it is no Ed25519 key");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const described = {
    keytype: "ed25519",
    scheme: "ed25519",
    keyval: { public: Buffer.from(x, "base64url").toString("hex") },
  } as const;
  return { id: createHash("sha256").update(canonicalize(described)).digest("hex"), public: described };
}

/** What PKCS #8 puts before the 32 bytes of an Ed25519 key. */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** A key anybody can make: for trying out, and for nothing that is given to people. */
export function testKey(name: string): TufKey {
  const seed = createHash("sha256").update(`claude-orchestrator test key ${name}`).digest();
  return tufKey(createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" }));
}
