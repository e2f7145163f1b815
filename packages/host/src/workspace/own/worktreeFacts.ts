import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Git, GitPlace, KnownRepository } from "../git/git.ts";
import { isObjectId, resolveCommit } from "../git/repository.ts";
import { ignoredEntries } from "./createWorkspaces.ts";
import { treeOf, withScratchIndex } from "./scratchIndex.ts";

/** What would be lost with a worktree and its branch, as far as git can tell. */
export interface WorktreeFacts {
  /** Tracked files that differ from the last commit, in the folder or in the index. */
  readonly changed: number;
  readonly untracked: number;
  /** What git ignores and was not there before the agent. */
  readonly ignored: readonly string[];
  /** A merge, rebase or the like that is under way, in a word. */
  readonly underWay: string | undefined;
  /** What is checked out. */
  readonly head: string | undefined;
  /** Where the instance's branch is; undefined where it is gone. */
  readonly tip: string | undefined;
  /** Commits of either that are on no other branch, tag or remote. */
  readonly unmerged: number;
  /** Commits of either that are on no remote; undefined where there is no remote. */
  readonly unpushed: number | undefined;
  /** Commits that only the reflogs still know: amended, or reset away. */
  readonly hidden: readonly string[];
  readonly hasSubmodules: boolean;
  /** The index and a fresh look at every file agree that all is as committed. */
  readonly isAsCommitted: boolean;
}

export type KnownPlace = GitPlace & { readonly known: KnownRepository };

export interface WorktreeQuestion {
  readonly place: KnownPlace;
  readonly branch: string;
  /** Of the repository it belongs to. */
  readonly root: string;
  /** Ignored entries that are nobody's work. */
  readonly knownIgnored: readonly string[];
}

/** Changes nothing, not even an index. */
export async function worktreeFacts(git: Git, question: WorktreeQuestion): Promise<WorktreeFacts> {
  const { place, branch, root, knownIgnored } = question;
  const ours = { folder: root };
  const asked = ["--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=none"];
  const status = await git(place, ["status", ...asked]);
  const entries = status.stdout.split("\0").filter((entry) => entry !== "");
  const untracked = entries.filter((entry) => entry.startsWith("??")).length;
  const head = await resolveCommit(git, place, "HEAD");
  const tip = await resolveCommit(git, ours, `refs/heads/${branch}`);
  const tips = [head, tip].filter((each) => each !== undefined);
  // `--exclude` means what follows, and for branches wants their names without `refs/heads/`.
  const elsewhere = ["--not", `--exclude=${branch}`, "--branches", "--remotes", "--tags"];
  const hasRemote = (await git(ours, ["for-each-ref", "--count=1", "refs/remotes"])).stdout !== "";
  const ignored = await ignoredEntries(git, place);
  return {
    changed: status.ok ? entries.length - untracked : Number.NaN,
    untracked,
    ignored: ignored.filter((name) => !knownIgnored.includes(name)),
    underWay: underWayIn(place.known.gitDir),
    head,
    tip,
    unmerged: await countCommits(git, ours, [...tips, ...elsewhere]),
    unpushed: hasRemote ? await countCommits(git, ours, [...tips, "--not", "--remotes"]) : undefined,
    hidden: await hiddenCommits(git, question, tips),
    hasSubmodules: await hasSubmodules(git, place),
    isAsCommitted: status.ok && entries.length === 0 && (await isFreshlyTheSame(git, place, head)),
  };
}

/** An index can be told to overlook a change (`assume-unchanged`): this look begins from nothing and reads every file. */
async function isFreshlyTheSame(git: Git, place: KnownPlace, head: string | undefined): Promise<boolean> {
  if (head === undefined) return false;
  return withScratchIndex(place.known.commonDir, async (scratch) => {
    const tree = await treeOf(git, place, scratch, false);
    const answer = await git(place, ["rev-parse", "--verify", "--quiet", "HEAD^{tree}"]);
    return tree !== undefined && answer.ok && answer.stdout.trim() === tree;
  });
}

/** Not a number where git cannot tell, which is no reason to believe in none. */
async function countCommits(git: Git, place: GitPlace, words: readonly string[]): Promise<number> {
  const answer = await git(place, ["rev-list", "--count", ...words]);
  return answer.ok ? Number(answer.stdout.trim()) : Number.NaN;
}

async function hiddenCommits(
  git: Git,
  { place, branch, root }: WorktreeQuestion,
  tips: readonly string[],
): Promise<readonly string[]> {
  const { gitDir, commonDir } = place.known;
  const logs = [join(gitDir, "logs", "HEAD"), join(commonDir, "logs", "refs", "heads", ...branch.split("/"))];
  const named = [...logs.flatMap(objectsIn), ...objectsIn(join(gitDir, "ORIG_HEAD"))];
  if (named.length === 0) return [];
  const ours = { folder: root };
  const present = await git(ours, ["rev-list", "--no-walk", "--ignore-missing", ...new Set(named)]);
  const there = present.stdout.split("\n").filter(isObjectId);
  const answer = await git(ours, ["rev-list", ...there, "--not", ...tips, "--all"]);
  return answer.ok ? answer.stdout.split("\n").filter((line) => there.includes(line)) : there;
}

function objectsIn(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8")
      .split(/\s/)
      .filter((word) => isObjectId(word) && !/^0+$/.test(word));
  } catch {
    return [];
  }
}

async function hasSubmodules(git: Git, place: KnownPlace): Promise<boolean> {
  if (existsSync(join(place.known.gitDir, "modules"))) return true;
  const { ok, stdout } = await git(place, ["ls-files", "-z", "--stage"]);
  return !ok || stdout.split("\0").some((line) => line.startsWith("160000 "));
}

const signs: Readonly<Record<string, string>> = {
  MERGE_HEAD: "merge",
  "rebase-merge": "rebase",
  "rebase-apply": "rebase",
  CHERRY_PICK_HEAD: "cherry-pick",
  REVERT_HEAD: "revert",
  BISECT_LOG: "bisect",
  sequencer: "sequence",
  MERGE_AUTOSTASH: "merge",
};

function underWayIn(gitDir: string): string | undefined {
  const found = Object.keys(signs).find((name) => existsSync(join(gitDir, name)));
  if (found !== undefined) return signs[found];
  return hasOwnRefs(join(gitDir, "refs")) ? "bisect" : undefined;
}

/** Refs that belong to this worktree alone go with it. */
function hasOwnRefs(folder: string): boolean {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true, recursive: true }).some((entry) => !entry.isDirectory());
}
