import { join } from "node:path";
import { realPathInside } from "../../insideFolder.ts";
import type { ConfigPair } from "../git/neutralConfig.ts";
import type { Git, GitPlace } from "../git/git.ts";
import type { OwnWorktree } from "./ownFolder.ts";

/**
 * Checks a worktree's submodules out, each from the copy the repository has of it: nothing is fetched from anywhere, whatever
 * address a commit gives. Submodules of submodules are left out. Gives a sentence where one cannot be had.
 */
export async function checkOutSubmodules(
  git: Git,
  { repository, base }: OwnWorktree,
  place: GitPlace,
): Promise<string | undefined> {
  const modules = join(repository.commonDir, "modules");
  const config: ConfigPair[] = [];
  for (const name of await submoduleNames(git, place, base)) {
    const copy = realPathInside(modules, join(modules, name));
    if (copy === undefined) {
      return `\`${repository.root}\` has no copy of its submodule \`${name}\`; \`git submodule update --init\` there makes one`;
    }
    config.push([`submodule.${name}.url`, copy], [`submodule.${name}.active`, "true"]);
    config.push([`submodule.${name}.update`, "checkout"]);
  }
  if (config.length === 0) return undefined;
  // Local files and nothing else, in git's children too. Those do not hear of our settings: they get no templates with hooks.
  const env = { GIT_ALLOW_PROTOCOL: "file", GIT_TEMPLATE_DIR: "" };
  const words = ["submodule", "--quiet", "update", "--init", "--checkout"];
  const answer = await git(place, words, { config, env, timeoutMs: 600_000 });
  return answer.ok ? undefined : `its submodules could not be checked out: ${answer.sentence}`;
}

async function submoduleNames(git: Git, place: GitPlace, base: string): Promise<readonly string[]> {
  const asked = ["--name-only", "-z", "--get-regexp", String.raw`^submodule\..*\.path$`];
  const { stdout } = await git(place, ["config", "--blob", `${base}:.gitmodules`, ...asked]);
  return stdout
    .split("\0")
    .filter((key) => key !== "")
    .map((key) => key.slice("submodule.".length, -".path".length));
}
