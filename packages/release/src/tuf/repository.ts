import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { day, rootContent, signed, snapshotContent, targetsContent, timestampContent } from "./metadata.ts";
import type { Role, RoleKeys, SignedTarget } from "./metadata.ts";
import { believedKeys } from "./roleKeys.ts";
import type { SigningKeys } from "./roleKeys.ts";
import type { TufKey } from "./tufKey.ts";

/** How long each role is believed, in days. */
export interface Lives {
  readonly root: number;
  readonly targets: number;
  readonly snapshot: number;
  readonly timestamp: number;
}

export const usualLives: Lives = { root: 365, targets: 90, snapshot: 7, timestamp: 7 };

/** A file to be offered, and where its bytes are. */
export interface NewTarget extends SignedTarget {
  readonly source: string;
}

/** When it is made (seconds since 1970), and by whom. */
export interface Signing {
  readonly at: number;
  readonly keys: SigningKeys;
  readonly lives?: Lives;
  /** Of a new root, where it believes keys that are not there to sign with. */
  readonly believed?: Readonly<Record<Role, RoleKeys>>;
}

const metadataFile = (folder: string, name: string): string => path.join(folder, "metadata", name);

/**
 * Writes the next root: the first believes all keys there are; a later one is signed by its own keys and by `before`, those that
 * the root before it believes.
 */
export function writeRoot(
  folder: string,
  { at, keys, believed, lives = usualLives }: Signing,
  before: readonly TufKey[] = [],
): string {
  const version = latest(folder, "root") + 1;
  const content = rootContent({ version, expires: at + lives.root * day }, believed ?? believedKeys(keys));
  const signers = [...new Map([...before, ...keys.root].map((key) => [key.id, key])).values()];
  const file = metadataFile(folder, `${version}.root.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, signed(content, signers));
  return file;
}

/** What is offered at present, to be offered on. */
export function offeredTargets(folder: string): readonly NewTarget[] {
  const version = latest(folder, "targets");
  if (version === 0) return [];
  const { signed: content } = JSON.parse(readFileSync(metadataFile(folder, `${version}.targets.json`), "utf8")) as {
    readonly signed: { readonly targets: Readonly<Record<string, OfferedTarget>> };
  };
  return Object.entries(content.targets).map(([name, { length, hashes, custom }]) => {
    const source = path.join(folder, "targets", `${hashes.sha256}.${name}`);
    return { path: name, length, sha256: hashes.sha256, custom, source };
  });
}

interface OfferedTarget extends Pick<SignedTarget, "length" | "custom"> {
  readonly hashes: { readonly sha256: string };
}

/** Adds what these keys say of a root that others have signed or will; answers how many have then. */
export function addSignatures(file: string, keys: readonly TufKey[]): number {
  const { signed: content, signatures } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly signed: Readonly<Record<string, unknown>>;
    readonly signatures: readonly { readonly keyid: string }[];
  };
  const added = JSON.parse(signed(content, keys).toString("utf8")) as { readonly signatures: typeof signatures };
  const byKey = new Map([...signatures, ...added.signatures].map((each) => [each.keyid, each]));
  writeFileSync(file, `${JSON.stringify({ signatures: [...byKey.values()], signed: content }, undefined, 1)}\n`);
  return byKey.size;
}

/** Offers these targets, and no others any more: targets, snapshot and timestamp of the next versions. */
export function writeTargets(folder: string, targets: readonly NewTarget[], signing: Signing): void {
  const { at, keys, lives = usualLives } = signing;
  mkdirSync(path.join(folder, "targets"), { recursive: true });
  mkdirSync(path.join(folder, "metadata"), { recursive: true });
  for (const { source, sha256, path: name } of targets) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw new Error(`\`${name}\` is no plain name of a file`);
    const file = path.join(folder, "targets", `${sha256}.${name}`);
    if (source !== file) copyFileSync(source, file);
  }
  const version = latest(folder, "targets") + 1;
  const bytes = signed(targetsContent({ version, expires: at + lives.targets * day }, targets), keys.targets);
  writeFileSync(metadataFile(folder, `${version}.targets.json`), bytes);
  writeSnapshot(folder, signing);
}

/** Says anew that the latest targets are the latest. */
export function writeSnapshot(folder: string, signing: Signing): void {
  const { at, keys, lives = usualLives } = signing;
  const of = latest(folder, "targets");
  const targets = { version: of, bytes: readFileSync(metadataFile(folder, `${of}.targets.json`)) };
  const version = latest(folder, "snapshot") + 1;
  const bytes = signed(snapshotContent({ version, expires: at + lives.snapshot * day }, targets), keys.snapshot);
  writeFileSync(metadataFile(folder, `${version}.snapshot.json`), bytes);
  writeTimestamp(folder, signing);
}

/** Says anew that the latest snapshot is the latest. Put in place last, and at once: until then the state before it is served whole. */
export function writeTimestamp(folder: string, { at, keys, lives = usualLives }: Signing): void {
  const of = latest(folder, "snapshot");
  const snapshot = { version: of, bytes: readFileSync(metadataFile(folder, `${of}.snapshot.json`)) };
  const file = metadataFile(folder, "timestamp.json");
  const version = timestampVersion(file) + 1;
  writeFileSync(
    `${file}.new`,
    signed(timestampContent({ version, expires: at + lives.timestamp * day }, snapshot), keys.timestamp),
  );
  renameSync(`${file}.new`, file);
}

/** The newest version of a role; 0 where there is none. */
export function latest(folder: string, role: "root" | "targets" | "snapshot"): number {
  const metadata = path.join(folder, "metadata");
  const names = existsSync(metadata) ? readdirSync(metadata) : [];
  const versions = names.map((name) => Number(new RegExp(`^(\\d+)\\.${role}\\.json$`).exec(name)?.[1] ?? 0));
  return Math.max(0, ...versions);
}

function timestampVersion(file: string): number {
  if (!existsSync(file)) return 0;
  const { signed: content } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly signed: { readonly version: number };
  };
  return content.version;
}
