import { createPrivateKey, createPublicKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { Role, RoleKeys } from "./metadata.ts";
import { publicTufKey, testKey, tufKey } from "./tufKey.ts";
import type { TufKey } from "./tufKey.ts";

/** The names of the keys of each role; `NAME.pem` in the folder of keys. */
const keyNames: Readonly<Record<Role, readonly string[]>> = {
  root: ["root-1", "root-2", "root-3"],
  targets: ["targets-1", "targets-2"],
  snapshot: ["snapshot-1"],
  timestamp: ["timestamp-1"],
};

/** Two of three people for the root; either of two for a release; one machine for what says that it is still so. */
const thresholds: Readonly<Record<Role, number>> = { root: 2, targets: 1, snapshot: 1, timestamp: 1 };

/** The keys there are to sign with, by role: of the root mostly none, since they are kept apart. */
export type SigningKeys = Readonly<Record<Role, readonly TufKey[]>>;

/** Anybody has these. */
export function testSigningKeys(): SigningKeys {
  return byRole((name) => testKey(name));
}

/** The PEM files (PKCS #8) of a folder; those that are not in it are not there to sign with. @throws UserError */
export function readSigningKeys(folder: string): SigningKeys {
  return byRole((name) => {
    const file = path.join(folder, `${name}.pem`);
    if (!existsSync(file)) return undefined;
    try {
      return tufKey(createPrivateKey(readFileSync(file)));
    } catch (error) {
      throw new UserError("usage", `${file} cannot be signed with: no Ed25519 key in PEM can be read from it`, {
        hint: "`openssl genpkey -algorithm ed25519 -out FILE` makes one",
        cause: error,
      });
    }
  });
}

/** What holds the two keys that say, on a machine that is never asked for more, that the newest is the newest. Each is a PEM (PKCS #8). */
const onlineVariables = { snapshot: "RELEASE_TUF_SNAPSHOT_KEY", timestamp: "RELEASE_TUF_TIMESTAMP_KEY" } as const;

/** @throws UserError where one is missing or no key; nothing of it is said */
export function readOnlineKeys(env: Readonly<Record<string, string | undefined>>): SigningKeys {
  const of = (role: keyof typeof onlineVariables): readonly TufKey[] => {
    const name = onlineVariables[role];
    const pem = env[name] ?? "";
    try {
      return [tufKey(createPrivateKey(pem))];
    } catch {
      throw new UserError("usage", `${name} ${pem === "" ? "is not set" : "holds no Ed25519 key in PEM"}`, {
        hint: `set it to what stands in ${role}-1.pem, or say where the keys are: --keys FOLDER`,
      });
    }
  };
  return { root: [], targets: [], snapshot: of("snapshot"), timestamp: of("timestamp") };
}

/**
 * The keys that a root is to believe: those there are to sign with, and the public halves (`NAME.pub`) of those that others keep.
 *
 * @throws UserError where one of them is missing
 */
export function readBelievedKeys(folder: string): Readonly<Record<Role, RoleKeys>> {
  const of = (role: Role): RoleKeys => {
    const keys = keyNames[role].map((name) => {
      const file = ["pub", "pem"].map((end) => path.join(folder, `${name}.${end}`)).find((each) => existsSync(each));
      if (file !== undefined) return publicTufKey(createPublicKey(readFileSync(file)));
      throw new UserError("usage", `${folder} has neither ${name}.pub nor ${name}.pem, which the root is to believe`, {
        hint: "`openssl pkey -in NAME.pem -pubout -out NAME.pub` gives the public half of a key",
      });
    });
    return { keys, threshold: thresholds[role] };
  };
  return { root: of("root"), targets: of("targets"), snapshot: of("snapshot"), timestamp: of("timestamp") };
}

/** All keys of every role believed, with its threshold. */
export function believedKeys(keys: SigningKeys): Readonly<Record<Role, RoleKeys>> {
  const of = (role: Role): RoleKeys => ({ keys: keys[role], threshold: thresholds[role] });
  return { root: of("root"), targets: of("targets"), snapshot: of("snapshot"), timestamp: of("timestamp") };
}

function byRole(keyOf: (name: string) => TufKey | undefined): SigningKeys {
  const of = (role: Role): readonly TufKey[] => keyNames[role].map(keyOf).filter((key) => key !== undefined);
  return { root: of("root"), targets: of("targets"), snapshot: of("snapshot"), timestamp: of("timestamp") };
}
