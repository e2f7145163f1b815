import { readFileSync } from "node:fs";
import path from "node:path";
import type { ReleaseContext } from "../releaseContext.ts";
import { bundledModules, type BundledModule } from "./bundledModules.ts";
import { byRef, npmPurl, type Component } from "./component.ts";
import { archiveOf, lockedPackage, neededFolders, readLockfile, type Lockfile } from "./lockfile.ts";

export interface Bundled {
  /** Every package with code in the program or in the page, sorted. */
  readonly components: readonly Component[];
  /** The `ref`s of those that our own code asks for. */
  readonly needs: readonly string[];
}

/**
 * Whose code is inside the program and the page: what the bundlers say is there, and what the lockfile says it is.
 *
 * @throws Error where what is installed is not what the lockfile says
 */
export function bundledComponents({ root, bundle }: Pick<ReleaseContext, "root" | "bundle">): Bundled {
  const lockfile = readLockfile(root);
  const byFolder = Map.groupBy(bundledModules({ bundle }), ({ folder }) => folder);
  const found = [...byFolder].flatMap(([folder, modules]) =>
    folder === undefined ? [] : [componentIn(root, lockfile, folder, modules)],
  );
  const refOf = new Map(found.map(({ ref, folders: [folder = ""] }) => [folder, ref]));
  const inside = (folder: string): readonly string[] =>
    neededFolders(lockfile, folder).flatMap((needed) => refOf.get(needed) ?? []);
  const byIdentity = Map.groupBy(found, ({ ref }) => ref);
  const components = [...byIdentity.values()].map((same) => merged(same, inside)).toSorted(byRef);
  const rooms = [...lockfile.keys()].filter((folder) => /^packages\/[^/]+$/.test(folder));
  return { components, needs: sorted(rooms.flatMap(inside)) };
}

function componentIn(root: string, lockfile: Lockfile, folder: string, modules: readonly BundledModule[]): Component {
  const { name, version, licence, author } = readPackage(path.join(root, folder, "package.json"));
  const locked = lockedPackage(lockfile, folder);
  if (locked.version !== version) {
    throw new Error(`${folder} is ${version}, and package-lock.json says ${locked.version}: \`npm ci\` first`);
  }
  const purl = npmPurl(name, version);
  return {
    ref: purl,
    name,
    version,
    licence,
    author,
    purl,
    archive: archiveOf(name, locked),
    places: [...new Set(modules.map(({ place }) => place))].toSorted(),
    folders: [folder],
    modules: modules.map((module) => module.name),
    needs: [],
    parts: [],
  };
}

/** npm may have put the same package into several folders. */
function merged(same: readonly Component[], inside: (folder: string) => readonly string[]): Component {
  const [first] = same;
  if (first === undefined) throw new Error("a component in no folder");
  const folders = sorted(same.flatMap((each) => each.folders));
  return {
    ...first,
    folders,
    places: [...new Set(same.flatMap(({ places }) => places))].toSorted(),
    modules: sorted(same.flatMap(({ modules }) => modules)),
    needs: sorted(folders.flatMap(inside)),
  };
}

function sorted(words: readonly string[]): readonly string[] {
  return [...new Set(words)].toSorted();
}

function readPackage(file: string): Pick<Component, "name" | "version" | "licence" | "author"> {
  const manifest = JSON.parse(readFileSync(file, "utf8")) as {
    readonly name: string;
    readonly version: string;
    readonly license?: unknown;
    readonly author?: string | { readonly name?: string };
  };
  const { name, version, license, author = "" } = manifest;
  if (typeof license !== "string") throw new Error(`${file} does not say under which licence it is`);
  const whole = typeof author === "string" ? author : (author.name ?? "");
  return { name, version, licence: license, author: whole.replaceAll(/\s*(?:<[^>]*>|\([^)]*\))/g, "").trim() };
}
