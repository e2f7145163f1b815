import { readFileSync } from "node:fs";
import path from "node:path";
import type { ReleaseContext } from "../releaseContext.ts";
import type { Place } from "./component.ts";

/** A module whose code is inside, as the bundlers name it. */
export interface BundledModule {
  readonly name: string;
  readonly place: Place;
  /** The folder of the package it is of; undefined for what is our own. */
  readonly folder: string | undefined;
}

/** What both bundlers wrote beside the program: which modules are inside. */
const metafiles = [
  ["meta.json", "program"],
  ["meta.web.json", "page"],
] as const;

/** Files of this clone, and the few lines that stand for a part of Node in the bundle. */
const ours = /^(?:packages\/|required-builtin:|builtin:|global:)/;
const theirs = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * Every module with code in the program or in the page. What is only installed, or was left out of the bundle, is not among them.
 *
 * @throws Error where a module is neither ours nor of a package: nobody would know whose it is
 */
export function bundledModules({ bundle }: Pick<ReleaseContext, "bundle">): readonly BundledModule[] {
  return metafiles.flatMap(([file, place]) =>
    modulesIn(path.join(bundle, file)).map((name) => ({ name, place, folder: packageFolder(name) })),
  );
}

function modulesIn(file: string): readonly string[] {
  const meta = JSON.parse(readFileSync(file, "utf8")) as {
    readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>>;
  };
  return [...new Set(Object.values(meta.outputs).flatMap(({ inputs }) => Object.keys(inputs)))].toSorted();
}

/** Of `node_modules/a/node_modules/@b/c/index.js`, all up to `c`. */
function packageFolder(module: string): string | undefined {
  const folder = theirs.exec(module)?.[0];
  if (folder === undefined && !ours.test(module))
    throw new Error(`${module} is in the bundle, and nobody knows whose it is`);
  return folder;
}
