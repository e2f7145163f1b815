import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { cpeOf } from "./nodeParts.ts";
import { byRef, genericPurl, type Component } from "./component.ts";

interface Vendored {
  readonly name: string;
  readonly licence: string;
  readonly author: string;
  readonly cpe?: string;
  /** The file that says which version it is, and how. */
  readonly file: string;
  readonly version: (text: string) => string | undefined;
}

const vendored: readonly Vendored[] = [
  {
    name: "blake3",
    licence: "CC0-1.0 OR Apache-2.0",
    author: "Jack O'Connor and Samuel Neves",
    file: "blake3.h",
    version: (text) => /BLAKE3_VERSION_STRING "(?<version>[\d.]+)"/.exec(text)?.groups?.["version"],
  },
  {
    name: "zstd",
    licence: "BSD-3-Clause OR GPL-2.0-only",
    author: "Meta Platforms, Inc. and affiliates",
    cpe: "facebook:zstandard",
    file: "zstddeclib.c",
    version: (text) => {
      const numbers = ["MAJOR", "MINOR", "RELEASE"].map(
        (word) => new RegExp(`#define ZSTD_VERSION_${word} +(\\d+)`).exec(text)?.[1],
      );
      return numbers.includes(undefined) ? undefined : numbers.join(".");
    },
  },
];

const folderOf = (name: string): string => `packages/release/launcher/vendor/${name}`;

/**
 * What of others is compiled into the launcher of an executable: its sources lie in the clone.
 *
 * @throws Error where its version cannot be read
 */
export function launcherParts(root: string): readonly Component[] {
  return vendored
    .filter(({ name }) => existsSync(path.join(root, folderOf(name))))
    .map((each) => vendoredPart(root, each))
    .toSorted(byRef);
}

function vendoredPart(root: string, { name, licence, author, cpe, file, version: versionIn }: Vendored): Component {
  const place = path.join(root, folderOf(name), file);
  const version = versionIn(readFileSync(place, "utf8"));
  if (version === undefined) throw new Error(`${place} does not say which version it is`);
  return {
    ref: `${genericPurl(name, version)}#launcher`,
    name,
    version,
    licence,
    author,
    purl: genericPurl(name, version),
    ...(cpe === undefined ? {} : { cpe: cpeOf(cpe, version) }),
    places: ["launcher"],
    folders: [folderOf(name)],
    modules: [],
    needs: [],
    parts: [],
  };
}
