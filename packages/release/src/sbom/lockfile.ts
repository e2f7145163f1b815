import { readFileSync } from "node:fs";
import path from "node:path";
import type { Archive } from "./component.ts";

/** What package-lock.json says of a folder. */
export interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** By folder, such as `node_modules/a/node_modules/b` or `packages/cli`. */
export type Lockfile = ReadonlyMap<string, LockedPackage>;

export function readLockfile(root: string): Lockfile {
  const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  return new Map(Object.entries(packages));
}

/** @throws Error where the lockfile does not know the folder, or no hash of it */
export function lockedPackage(lockfile: Lockfile, folder: string): LockedPackage & { readonly integrity: string } {
  const found = lockfile.get(folder);
  if (found?.integrity === undefined) throw new Error(`package-lock.json has no hash for ${folder}`);
  return { ...found, integrity: found.integrity };
}

/** The folders of what a package asks for, as Node would find them: its own first, then those of the folders above. */
export function neededFolders(lockfile: Lockfile, folder: string): readonly string[] {
  const found = lockfile.get(folder);
  const asked = { ...found?.dependencies, ...found?.optionalDependencies, ...found?.peerDependencies };
  return Object.keys(asked).flatMap((name) => resolveFolder(lockfile, folder, name) ?? []);
}

function resolveFolder(lockfile: Lockfile, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const wanted = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (lockfile.has(wanted)) return wanted;
    if (folder === "") return undefined;
  }
}

/** Where npm has a package, and the hash that whoever fetches it holds it against. */
export function archiveOf(
  name: string,
  { version, integrity }: { readonly version: string; readonly integrity: string },
): Archive {
  const base64 = /^sha512-(?<hash>[\w+/=]+)$/.exec(integrity)?.groups?.["hash"];
  if (base64 === undefined) throw new Error(`package-lock.json has no SHA-512 for ${name}`);
  return {
    url: `https://registry.npmjs.org/${name}/-/${name.split("/").at(-1)}-${version}.tgz`,
    sha512: Buffer.from(base64, "base64").toString("hex"),
  };
}
