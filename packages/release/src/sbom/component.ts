/** Where in a form something is. */
export type Place = "program" | "page" | "runtime" | "launcher";

/** Something of others that is inside what we ship. */
export interface Component {
  /** What it is known by in a document; nothing else in there has it. */
  readonly ref: string;
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, as its makers say it. */
  readonly licence: string;
  /** Without addresses; empty where nobody is named. */
  readonly author: string;
  readonly purl: string;
  readonly cpe?: string;
  /** What it was taken from. */
  readonly archive?: Archive;
  readonly places: readonly Place[];
  /** Where its licence's text lies: in the clone, relative, with forward slashes. */
  readonly folders: readonly string[];
  /** Files with its licence's text, where they are not in the clone but come with a compiler. */
  readonly texts?: readonly string[];
  /** Its modules that are inside, as the bundlers name them. */
  readonly modules: readonly string[];
  /** The `ref`s of what it uses of the same form. */
  readonly needs: readonly string[];
  /** What its own makers have put into it. */
  readonly parts: readonly Component[];
}

export interface Archive {
  readonly url: string;
  /** In hex. */
  readonly sha512: string;
}

/** The package URL of a package of npm's registry; the `@` of a scope is written `%40`. */
export function npmPurl(name: string, version: string): string {
  return `pkg:npm/${name.split("/").map(encodeURIComponent).join("/")}@${encodeURIComponent(version)}`;
}

/** The package URL of what no registry has. */
export function genericPurl(name: string, version: string): string {
  return `pkg:generic/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
}

/** In one order on every machine. */
export function byRef(a: Component, b: Component): number {
  return a.ref < b.ref ? -1 : 1;
}
