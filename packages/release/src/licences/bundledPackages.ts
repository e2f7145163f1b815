import { readFileSync } from "node:fs";
import path from "node:path";
import type { ReleaseContext } from "../releaseContext.ts";

/** A package of others whose code is inside what we ship. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** In the clone, relative, with forward slashes. */
  readonly folder: string;
  /** As its own package says it: an SPDX expression. */
  readonly licence: string;
  readonly author: string;
}

/** What both bundlers wrote beside the program: which modules are inside. */
const metafiles = ["meta.json", "meta.web.json"] as const;

/**
 * Every package with code in the program or in the page, as the bundlers say, sorted by name and version. What is only installed, or was
 * left out of the bundle, is not among them.
 */
export function bundledPackages({ root, bundle }: Pick<ReleaseContext, "root" | "bundle">): readonly BundledPackage[] {
  const modules = metafiles.flatMap((name) => modulesIn(path.join(bundle, name)));
  const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
  const byIdentity = new Map(
    [...folders].map((folder) => {
      const found = readPackage(root, folder);
      return [`${found.name}@${found.version}`, found];
    }),
  );
  return [...byIdentity].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}

function modulesIn(file: string): readonly string[] {
  const meta = JSON.parse(readFileSync(file, "utf8")) as {
    readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>>;
  };
  return Object.values(meta.outputs).flatMap(({ inputs }) => Object.keys(inputs));
}

/** Of `node_modules/a/node_modules/@b/c/index.js`, all up to `c`; undefined for what is our own. */
function packageFolder(module: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module)?.[0];
}

function readPackage(root: string, folder: string): BundledPackage {
  const manifest = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8")) as {
    readonly name: string;
    readonly version: string;
    readonly license?: unknown;
    readonly author?: string | { readonly name?: string };
  };
  const { name, version, license, author = "" } = manifest;
  if (typeof license !== "string") throw new Error(`${folder} does not say under which licence it is`);
  return { name, version, folder, licence: license, author: typeof author === "string" ? author : (author.name ?? "") };
}
