import { spawnSync } from "node:child_process";
import type { ReleaseContext } from "./releaseContext.ts";

/**
 * Why nobody can make these bytes again from the commit that the manifest names; undefined where anybody can, and outside of a clone.
 * Asked when everything is made: a file may have been changed while it was.
 */
export function notOfCommit({ root, commit }: Pick<ReleaseContext, "root" | "commit">): string | undefined {
  if (commit === "unknown") return undefined;
  const git = (...words: readonly string[]): string =>
    spawnSync("git", words, { cwd: root, encoding: "utf8" }).stdout.trim();
  const now = git("rev-parse", "HEAD");
  if (now !== commit) return `the clone is at ${now} by now, and was at ${commit} when this began`;
  const changed = git("status", "--porcelain", "--untracked-files=no").split("\n", 1)[0] ?? "";
  return changed === "" ? undefined : `not everything is committed, such as ${changed.replace(/^\S+ +/, "")}`;
}
