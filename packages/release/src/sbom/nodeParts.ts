import { genericPurl, type Component } from "./component.ts";
import { nodeVersions } from "./nodeVersions.ts";

interface Part {
  /** As its makers call it. */
  readonly name: string;
  readonly licence: string;
  /** Vendor and product in the words of CPE, where advisories are filed under them. */
  readonly cpe?: string;
}

/** What Node's makers have put into it, by its name in `process.versions`. The texts of the licences stand in Node's own. */
const parts: Readonly<Record<string, Part>> = {
  acorn: { name: "acorn", licence: "MIT" },
  ada: { name: "ada", licence: "Apache-2.0 OR MIT" },
  amaro: { name: "amaro", licence: "MIT AND Apache-2.0" },
  ares: { name: "c-ares", licence: "MIT", cpe: "c-ares:c-ares" },
  brotli: { name: "brotli", licence: "MIT", cpe: "google:brotli" },
  cjs_module_lexer: { name: "cjs-module-lexer", licence: "MIT" },
  cldr: { name: "cldr", licence: "Unicode-3.0" },
  icu: { name: "icu", licence: "Unicode-3.0", cpe: "unicode:international_components_for_unicode" },
  llhttp: { name: "llhttp", licence: "MIT", cpe: "llhttp:llhttp" },
  merve: { name: "merve", licence: "MIT" },
  nbytes: { name: "nbytes", licence: "MIT" },
  ncrypto: { name: "ncrypto", licence: "MIT" },
  nghttp2: { name: "nghttp2", licence: "MIT", cpe: "nghttp2:nghttp2" },
  nghttp3: { name: "nghttp3", licence: "MIT" },
  ngtcp2: { name: "ngtcp2", licence: "MIT" },
  openssl: { name: "openssl", licence: "Apache-2.0", cpe: "openssl:openssl" },
  simdjson: { name: "simdjson", licence: "Apache-2.0 OR MIT" },
  simdutf: { name: "simdutf", licence: "Apache-2.0 OR MIT" },
  sqlite: { name: "sqlite", licence: "blessing", cpe: "sqlite:sqlite" },
  tz: { name: "tzdata", licence: "CC0-1.0" },
  undici: { name: "undici", licence: "MIT", cpe: "nodejs:undici" },
  uv: { name: "libuv", licence: "MIT", cpe: "libuv:libuv" },
  uvwasi: { name: "uvwasi", licence: "MIT" },
  v8: { name: "v8", licence: "BSD-3-Clause", cpe: "google:v8" },
  zlib: { name: "zlib", licence: "Zlib", cpe: "zlib:zlib" },
  zstd: { name: "zstd", licence: "BSD-3-Clause OR GPL-2.0-only", cpe: "facebook:zstandard" },
};

/** Node itself, numbers of its interfaces, and a standard: nothing that was put in. */
const noParts = new Set(["node", "modules", "napi", "unicode"]);

/**
 * What is inside a Node of this version.
 *
 * @throws Error where nobody has asked that Node, or where it has a part nobody has looked at
 */
export function nodeParts(version: string): readonly Component[] {
  const versions = nodeVersions[version];
  if (versions === undefined) {
    throw new Error(`what is inside Node ${version} is not known: ask it, and add the answer to nodeVersions.ts`);
  }
  return partsOf(versions).map(([key, partVersion]) => partComponent(key, partVersion, version));
}

/** Of `process.versions`, what was put in: an empty version stands for a part that was left out. */
export function partsOf(
  versions: Readonly<Record<string, string | undefined>>,
): readonly (readonly [string, string])[] {
  return Object.entries(versions).flatMap(([key, version = ""]) =>
    noParts.has(key) || version === "" ? [] : [[key, version] as const],
  );
}

function partComponent(key: string, version: string, node: string): Component {
  const part = parts[key];
  if (part === undefined) throw new Error(`Node ${node} has \`${key}\` inside, which nodeParts.ts does not know`);
  return {
    ref: `pkg:generic/node@${node}#${part.name}`,
    name: part.name,
    version,
    licence: part.licence,
    author: "",
    purl: genericPurl(part.name, version),
    ...(part.cpe === undefined ? {} : { cpe: cpeOf(part.cpe, version) }),
    places: ["runtime"],
    folders: [],
    modules: [],
    needs: [],
    parts: [],
  };
}

/** @param product vendor and product, as `openssl:openssl` */
export function cpeOf(product: string, version: string): string {
  return `cpe:2.3:a:${product}:${version}:*:*:*:*:*:*:*`;
}
