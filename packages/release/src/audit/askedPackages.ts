import { npmPurl } from "../sbom/component.ts";
import type { Contents } from "../sbom/contents.ts";
import { readLockfile } from "../sbom/lockfile.ts";
import type { AskedPackage } from "./finding.ts";

/** Every package of the lockfile, each version once: what is inside is shipped, the others are tools. */
export function askedPackages(root: string, { components }: Contents): readonly AskedPackage[] {
  const inside = new Set(components.map(({ purl }) => purl));
  const all = [...readLockfile(root)].flatMap(([folder, { version }]) => {
    const name = /(?:^|\/)node_modules\/(?<name>(?:@[^/]+\/)?[^/]+)$/.exec(folder)?.groups?.["name"];
    if (name === undefined || version === undefined) return [];
    const purl = npmPurl(name, version);
    return [[purl, { name, version, purl, isShipped: inside.has(purl) }] as const];
  });
  return [...new Map(all).values()].toSorted((a, b) => (a.purl < b.purl ? -1 : 1));
}
