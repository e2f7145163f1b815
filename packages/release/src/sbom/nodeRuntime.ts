import { targets, type Target } from "../exe/targets.ts";
import { cpeOf, nodeParts } from "./nodeParts.ts";
import { genericPurl, type Component } from "./component.ts";
import { archiveOf, lockedPackage, readLockfile } from "./lockfile.ts";

/**
 * The Node inside an executable, with all that its makers put into it, as the lockfile says.
 *
 * @throws Error where no Node is locked for it, or where it is not known what is inside
 */
export function nodeRuntime(root: string, { runtimePackage: name }: Pick<Target, "runtimePackage">): Component {
  const locked = lockedPackage(readLockfile(root), `node_modules/${name}`);
  const { version } = locked;
  const parts = nodeParts(version);
  return {
    ref: genericPurl("node", version),
    name: "node",
    version,
    licence: "MIT",
    author: "Node.js contributors",
    purl: genericPurl("node", version),
    cpe: cpeOf("nodejs:node.js", version),
    archive: archiveOf(name, locked),
    places: ["runtime"],
    folders: [],
    modules: [],
    needs: [],
    parts,
  };
}

/** The Nodes of all executables, each version once. */
export function nodeRuntimes(root: string): readonly Component[] {
  const all = targets.map((target) => nodeRuntime(root, target));
  return [...new Map(all.map((each) => [each.ref, each])).values()];
}
