import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { canonicalize } from "@tufjs/canonical-json";

/** An Ed25519 key that signs metadata. */
export interface TufKey {
  /** By which metadata names it: the hash of what it is. */
  readonly id: string;
  /** As root metadata lists it. */
  readonly public: {
    readonly keytype: "ed25519";
    readonly scheme: "ed25519";
    readonly keyval: { readonly public: string };
  };
  /** In hex. */
  sign(data: Buffer): string;
}

/** @throws Error for a key of another kind */
export function tufKey(privateKey: KeyObject): TufKey {
  if (privateKey.asymmetricKeyType !== "ed25519") throw new Error("it is no Ed25519 key");
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const described = {
    keytype: "ed25519",
    scheme: "ed25519",
    keyval: { public: Buffer.from(x, "base64url").toString("hex") },
  } as const;
  return {
    id: createHash("sha256").update(canonicalize(described)).digest("hex"),
    public: described,
    sign: (data) => sign(null, data, privateKey).toString("hex"),
  };
}

/** What PKCS #8 puts before the 32 bytes of an Ed25519 key. */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** A key anybody can make: for trying out, and for nothing that is given to people. */
export function testKey(name: string): TufKey {
  const seed = createHash("sha256").update(`claude-orchestrator test key ${name}`).digest();
  return tufKey(createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" }));
}
