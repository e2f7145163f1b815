import { runTool } from "../exe/runTool.ts";
import type { Target } from "../exe/targets.ts";
import { byRef, genericPurl, type Component } from "./component.ts";
import { cpeOf } from "./nodeParts.ts";

interface Linked {
  readonly name: string;
  readonly licence: string;
  readonly author: string;
  readonly cpe?: string;
  readonly version: (ask: (words: readonly string[], input?: string) => string) => string | undefined;
  readonly texts: readonly string[];
}

const libgcc = (texts: string): Linked => ({
  name: "libgcc",
  licence: "GPL-3.0-or-later WITH GCC-exception-3.1",
  author: "Free Software Foundation, Inc.",
  version: (ask) => /^[\d.]+/.exec(ask(["-dumpfullversion"]))?.[0],
  texts: [`/usr/share/doc/${texts}/copyright`],
});

const glibc: Linked = {
  name: "glibc",
  licence: "LGPL-2.1-or-later",
  author: "Free Software Foundation, Inc.",
  cpe: "gnu:glibc",
  version: (ask) => macros(ask, "features.h", ["__GLIBC__", "__GLIBC_MINOR__"]),
  texts: ["/usr/share/doc/libc6-dev/copyright", "/usr/share/common-licenses/LGPL-2.1"],
};

const mingw: Linked = {
  name: "mingw-w64",
  licence: "ZPL-2.1",
  author: "the mingw-w64 project",
  version: (ask) =>
    macros(
      ask,
      "_mingw.h",
      ["MAJOR", "MINOR", "BUGFIX"].map((word) => `__MINGW64_VERSION_${word}`),
    ),
  texts: ["/usr/share/doc/mingw-w64-common/copyright"],
};

/** By what a launcher is linked as. That for macOS is linked with nothing but what every Mac has. */
const linked: Readonly<Record<Target["format"], readonly Linked[]>> = {
  elf: [glibc, libgcc("gcc-12-base")],
  pe: [mingw, libgcc("gcc-mingw-w64-base")],
  "mach-o": [],
};

/**
 * What a compiler adds of its own libraries to a launcher, which is linked so that it needs none of the machine it runs on. The compiler that
 * builds it says which versions.
 *
 * @throws UserError where it is not installed
 */
export function compilerParts(target: Target, root: string): readonly Component[] {
  const ask = (words: readonly string[], input?: string): string =>
    runTool([target.compiler[0], ...words], {
      cwd: root,
      debian: target.debian,
      ...(input === undefined ? {} : { input }),
    });
  return linked[target.format].map((each) => linkedPart(each, each.version(ask))).toSorted(byRef);
}

function macros(ask: Parameters<Linked["version"]>[0], header: string, names: readonly string[]): string | undefined {
  const defined = ask(["-E", "-dM", "-"], `#include <${header}>\n`);
  const numbers = names.map((name) => new RegExp(`^#define ${name} (\\d+)$`, "m").exec(defined)?.[1]);
  return numbers.includes(undefined) ? undefined : numbers.join(".");
}

function linkedPart({ name, licence, author, cpe, texts }: Linked, version: string | undefined): Component {
  if (version === undefined) throw new Error(`the compiler does not say which version of ${name} it links`);
  return {
    ref: `${genericPurl(name, version)}#launcher`,
    name,
    version,
    licence,
    author,
    purl: genericPurl(name, version),
    ...(cpe === undefined ? {} : { cpe: cpeOf(cpe, version) }),
    places: ["launcher"],
    folders: [],
    texts,
    modules: [],
    needs: [],
    parts: [],
  };
}
