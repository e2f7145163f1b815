import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";

interface Listed {
  readonly path: string;
  readonly kind: string;
  readonly platform?: string;
}

/**
 * What a release has for this machine, and how each is started: its executable, and the npm package on this Node.
 *
 * @param folder with a `manifest.json`
 * @param scratch where the package is unpacked
 * @throws UserError usage, where one of them is not in it
 */
export function programsOf(folder: string, scratch: string): Readonly<Record<string, readonly string[]>> {
  const manifest = path.join(folder, "manifest.json");
  if (!existsSync(manifest)) throw new UserError("usage", `There is no ${manifest}`);
  const { artifacts } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly artifacts: readonly Listed[] };
  const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const find = (what: string, isIt: (artifact: Listed) => boolean): string => {
    const found = artifacts.find(isIt);
    if (found === undefined) throw new UserError("usage", `${manifest} has no ${what}`);
    return path.join(folder, found.path);
  };
  const executable = find(
    `executable for ${platform}`,
    (each) => each.kind === "executable" && each.platform === platform,
  );
  const tarball = find("npm package", ({ kind }) => kind === "npm");
  // What GitHub keeps between jobs has no modes.
  chmodSync(executable, 0o755);
  return {
    [path.basename(executable)]: [executable],
    [path.basename(tarball)]: [process.execPath, path.join(unpacked(tarball, scratch), "package/dist/cli.mjs")],
  };
}

/** Every system that is tried has a `tar`. Without dependencies and scripts, unpacked is installed. */
function unpacked(tarball: string, scratch: string): string {
  const folder = path.join(scratch, "npm package");
  mkdirSync(folder);
  const { status, stderr, error } = spawnSync("tar", ["-xzf", tarball], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`tar could not unpack ${tarball}: ${error?.message ?? stderr}`);
  return folder;
}
