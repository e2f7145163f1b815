/** The version of the clone: it stands in every manifest of a workspace, in what they ask of each other, and in the lockfile. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";

const scope = "@claude-orchestrator/";

interface Manifest {
  version?: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

interface Lockfile extends Manifest {
  readonly packages: Readonly<Record<string, Manifest>>;
}

export function workspaceVersion(root: string): string {
  return readManifest(path.join(root, "package.json")).version ?? "";
}

/**
 * Writes another version everywhere.
 *
 * @throws UserError usage, where it is no version, or one that came before
 */
export function setWorkspaceVersion(root: string, version: string): void {
  const before = workspaceVersion(root);
  if (!isLater(version, before)) {
    throw new UserError("usage", `\`${version}\` is no version that may follow ${before}`, {
      hint: "three numbers, such as 1.2.3, or with a channel, such as 1.3.0-beta.1",
    });
  }
  const workspaces = readdirSync(path.join(root, "packages")).map((name) => `packages/${name}`);
  for (const folder of ["", ...workspaces]) {
    const file = path.join(root, folder, "package.json");
    writeJson(file, withVersion(readManifest(file), version));
  }
  const file = path.join(root, "package-lock.json");
  const lock = readManifest(file) as Lockfile;
  lock.version = version;
  for (const folder of ["", ...workspaces]) withVersion(lock.packages[folder] ?? {}, version);
  writeJson(file, lock);
}

function withVersion(manifest: Manifest, version: string): Manifest {
  if (manifest.version !== undefined) manifest.version = version;
  for (const asked of [manifest.dependencies, manifest.devDependencies]) {
    for (const name of Object.keys(asked ?? {}))
      if (asked !== undefined && name.startsWith(scope)) asked[name] = version;
  }
  return manifest;
}

/** By the rules of semantic versioning. What was never released may be, as it is: the first version stands in the manifests from the start. */
function isLater(version: string, before: string): boolean {
  const [next, last] = [version, before].map((text) => /^(\d+)\.(\d+)\.(\d+)(?:-([a-z]+)\.(\d+))?$/.exec(text));
  if (next === null || next === undefined || last === null || last === undefined) return false;
  for (const index of [1, 2, 3]) {
    if (Number(next[index]) !== Number(last[index])) return Number(next[index]) > Number(last[index]);
  }
  const [channel, lastChannel] = [next[4], last[4]];
  if (channel === undefined || lastChannel === undefined) return channel === undefined;
  return channel === lastChannel ? Number(next[5]) >= Number(last[5]) : channel > lastChannel;
}

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, "utf8")) as Manifest;
}

function writeJson(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
