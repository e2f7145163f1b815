import { createHash } from "node:crypto";
import { canonicalize } from "@tufjs/canonical-json";
import type { PublicTufKey, TufKey } from "./tufKey.ts";

/** Seconds in a day. */
export const day = 24 * 60 * 60;

export const roles = ["root", "targets", "snapshot", "timestamp"] as const;

export type Role = (typeof roles)[number];

/** Which keys are believed for a role, and how many of them must have signed. */
export interface RoleKeys {
  readonly keys: readonly PublicTufKey[];
  readonly threshold: number;
}

/** One state of one role: when it ends is in seconds since 1970. */
interface Life {
  readonly version: number;
  readonly expires: number;
}

/** A file that other metadata or a person can name by what is in it. */
export interface SignedTarget {
  readonly path: string;
  readonly length: number;
  readonly sha256: string;
  readonly custom: Readonly<Record<string, string>>;
}

/** Signs what a role says. Fewer keys than its threshold are for others to add to, or for a test. */
export function signed(content: Readonly<Record<string, unknown>>, keys: readonly TufKey[]): Buffer {
  const data = Buffer.from(canonicalize(content));
  const signatures = keys.map((key) => ({ keyid: key.id, sig: key.sign(data) }));
  return Buffer.from(`${JSON.stringify({ signatures, signed: content }, undefined, 1)}\n`);
}

export function rootContent(life: Life, believed: Readonly<Record<Role, RoleKeys>>): Readonly<Record<string, unknown>> {
  const keys = roles.flatMap((role) => believed[role].keys.map((key) => [key.id, key.public] as const));
  const roleEntry = ({ keys: of, threshold }: RoleKeys): object => ({ keyids: of.map(({ id }) => id), threshold });
  return {
    ...common("root", life),
    consistent_snapshot: true,
    keys: Object.fromEntries(keys),
    roles: Object.fromEntries(roles.map((role) => [role, roleEntry(believed[role])])),
  };
}

export function targetsContent(life: Life, targets: readonly SignedTarget[]): Readonly<Record<string, unknown>> {
  const entries = targets.map(
    ({ path, length, sha256, custom }) => [path, { length, hashes: { sha256 }, custom }] as const,
  );
  return { ...common("targets", life), targets: Object.fromEntries(entries) };
}

export function snapshotContent(
  life: Life,
  targets: { readonly version: number; readonly bytes: Buffer },
): Readonly<Record<string, unknown>> {
  return { ...common("snapshot", life), meta: { "targets.json": metaOf(targets) } };
}

export function timestampContent(
  life: Life,
  snapshot: { readonly version: number; readonly bytes: Buffer },
): Readonly<Record<string, unknown>> {
  return { ...common("timestamp", life), meta: { "snapshot.json": metaOf(snapshot) } };
}

function metaOf({ version, bytes }: { readonly version: number; readonly bytes: Buffer }): object {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { version, length: bytes.length, hashes: { sha256 } };
}

function common(role: Role, { version, expires }: Life): object {
  const until = new Date(expires * 1000).toISOString().replace(".000Z", "Z");
  return { _type: role, spec_version: "1.0.31", version, expires: until };
}
