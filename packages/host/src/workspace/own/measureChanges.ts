import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { WorkspaceChanges } from "@claude-orchestrator/domain";
import type { ConfigPair } from "../git/neutralConfig.ts";
import type { Git, GitPlace, KnownRepository } from "../git/git.ts";
import { treeOf, withScratchIndex } from "./scratchIndex.ts";

/** A file over this is named in a difference and not shown. */
const config: readonly ConfigPair[] = [["core.bigFileThreshold", "8m"]];
const plain = ["--no-ext-diff", "--no-textconv", "--no-color", "--find-renames"];

/**
 * What a folder holds beyond its base, new files included; the difference as text goes to `diffFile` (0600). Undefined where the
 * folder is gone or git cannot tell.
 */
export async function measureChanges(
  git: Git,
  place: GitPlace & { readonly known: KnownRepository },
  base: string,
  diffFile: string,
): Promise<WorkspaceChanges | undefined> {
  return withScratchIndex(place.known.commonDir, async (scratch) => {
    const { env } = scratch;
    const tree = await treeOf(git, place, scratch, true);
    if (tree === undefined) return undefined;
    const numbers = await git(place, ["diff-tree", "-r", "-z", "--numstat", ...plain, base, tree], { env, config });
    if (!numbers.ok) return undefined;
    makePrivate(diffFile);
    const words = ["diff", "--patch", "--full-index", ...plain, `--output=${diffFile}`, base, tree];
    await git(place, words, { env, config, timeoutMs: 600_000 });
    const commits = await git(place, ["rev-list", "--count", `${base}..HEAD`]);
    const open = await git(place, ["diff-tree", "-r", "-z", "--name-only", "HEAD", tree], { env });
    return {
      commits: Number(commits.stdout.trim()),
      ...sumUp(numbers.stdout),
      uncommitted: open.stdout.split("\0").filter((name) => name !== "").length,
    };
  });
}

function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, "w", 0o600));
}

/** `3 TAB 1 TAB name NUL`, or `3 TAB 1 TAB NUL old NUL new NUL` for one that was renamed; `-` stands for what is no text. */
function sumUp(numstat: string): Pick<WorkspaceChanges, "files" | "insertions" | "deletions"> {
  const sum = { files: 0, insertions: 0, deletions: 0 };
  const fields = numstat.split("\0");
  for (let at = 0; at < fields.length; at += 1) {
    const [, inserted, deleted, name] = /^(\d+|-)\t(\d+|-)\t([^]*)$/.exec(fields[at] ?? "") ?? [];
    if (inserted === undefined || deleted === undefined) continue;
    if (name === "") at += 2;
    sum.files += 1;
    sum.insertions += inserted === "-" ? 0 : Number(inserted);
    sum.deletions += deleted === "-" ? 0 : Number(deleted);
  }
  return sum;
}
