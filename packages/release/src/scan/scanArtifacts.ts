import { readFileSync } from "node:fs";
import path from "node:path";
import type { Artifact } from "../artifact.ts";
import type { ReleaseContext } from "../releaseContext.ts";
import { findShapes } from "./findShapes.ts";
import { machineShapes } from "./machineShapes.ts";
import type { Part } from "./part.ts";
import { partsOf } from "./partsOf.ts";

import { secretShapes } from "./secretShapes.ts";
import type { Shape } from "./secretShapes.ts";

/** A package in a package in a bundle has five layers. */
const deepest = 12;

/**
 * Looks for keys, and for what tells of the machine it was made on, in every artifact and in all it carries.
 *
 * @throws Error that names each place, and repeats no key
 */
export function scanArtifacts(
  { output, root }: Pick<ReleaseContext, "output" | "root">,
  artifacts: readonly Artifact[],
  shapes: readonly Shape[] = [...secretShapes, ...machineShapes(root)],
): void {
  const found = artifacts.flatMap(({ path: name, kind }) => {
    const artifact = { name, bytes: readFileSync(path.join(output, name)) };
    return kind === "executable" && partsOf(artifact).length === 0
      ? [`${name} carries nothing that could be looked into`]
      : scanPart(artifact, shapes, 0);
  });
  if (found.length > 0) throw new Error(`this must not be released:\n${found.join("\n")}`);
}

/** One line for each place in a part and in what is in it. */
export function scanPart(part: Part, shapes: readonly Shape[], depth = 0): readonly string[] {
  const { name, bytes } = part;
  const inName = findShapes(Buffer.from(name), shapes).map(({ what }) => `${name}, in its name: ${what}`);
  const own = findShapes(bytes, shapes).map(({ what, offset }) => `${name}, byte ${offset}: ${what}`);
  try {
    if (depth > deepest) throw new Error(`it is packed more than ${deepest} times over`);
    const inside = partsOf(part).flatMap((each) =>
      scanPart({ ...each, name: `${name} > ${each.name}` }, shapes, depth + 1),
    );
    // What is stored as it is would be told twice, and the inner place is the one to look at.
    return [...inName, ...(inside.length > 0 ? inside : own)];
  } catch (error) {
    return [
      ...inName,
      ...own,
      `${name} cannot be looked into: ${error instanceof Error ? error.message : String(error)}`,
    ];
  }
}
