import { lstatSync, realpathSync, rmSync } from "node:fs";
import { safeName, type FolderRecord } from "./ownFolder.ts";
import type { Git, GitPlace } from "../git/git.ts";
import { knownWorktree } from "../git/repository.ts";
import { withRepositoryLock } from "../git/repositoryLock.ts";
import { measureFolder } from "./measureFolder.ts";
import { worktreeFacts, type KnownPlace, type WorktreeFacts } from "./worktreeFacts.ts";

/** A worktree on record, and where it is. */
export interface RecordedWorktree {
  readonly path: string;
  readonly recordFile: string;
  readonly record: FolderRecord & Required<Pick<FolderRecord, "branch" | "repository">>;
}

export interface WorktreeReport {
  /** Undefined where it is not there, or not what was made there. */
  readonly facts: WorktreeFacts | undefined;
  readonly bytes: number;
  /** Why it must stay, one clause each; empty where it can go without any loss. */
  readonly reasons: readonly string[];
}

export interface RemovalWish {
  /** Ignored files count as nothing: a person has said so. */
  readonly ignored: boolean;
}

/** What a worktree holds, and whether anything would be lost with it. */
export async function inspectWorktree(
  git: Git,
  worktree: RecordedWorktree,
  wish: RemovalWish,
): Promise<WorktreeReport> {
  const { path, record } = worktree;
  const place = placeAt(worktree);
  if (place === undefined) {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    const why = entry === undefined ? "its folder is gone" : "what is there is not the worktree that was made";
    return { facts: undefined, bytes: 0, reasons: [why] };
  }
  const question = { place, branch: record.branch, root: record.repository.root, knownIgnored: record.ignored };
  const facts = await worktreeFacts(git, question);
  const { bytes, repositories } = await measureFolder(path);
  return {
    facts,
    bytes,
    reasons: [...reasonsToStay(facts, wish), ...repositories.map((each) => `${each} is a repository of its own`)],
  };
}

function reasonsToStay(facts: WorktreeFacts, { ignored }: RemovalWish): readonly string[] {
  const { changed, untracked, underWay, unmerged } = facts;
  const isIgnoredInTheWay = !ignored && facts.ignored.length > 0;
  const reasons = [
    isUnknown(facts) && "git cannot tell what it holds",
    changed > 0 && `${changed} changed, not committed`,
    untracked > 0 && `${untracked} new, not committed`,
    underWay !== undefined && `a ${underWay} is under way`,
    unmerged > 0 && `${counted(unmerged, "commit")} on no other branch`,
    isIgnoredInTheWay && `ignored by git: ${facts.ignored.slice(0, 3).join(", ")}`,
    facts.hasSubmodules && "it has submodules, and their commits are in it alone",
  ].filter((reason) => reason !== false);
  // Where all else speaks for it, both looks must agree.
  return reasons.length > 0 || facts.isAsCommitted
    ? reasons
    : ["its files are not as committed, though its index says so"];
}

function isUnknown({ head, changed, unmerged }: WorktreeFacts): boolean {
  return head === undefined || Number.isNaN(changed) || Number.isNaN(unmerged);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Undefined where git does not know it there, or where a link has taken its place. */
export function placeAt({ path, record }: RecordedWorktree): KnownPlace | undefined {
  try {
    if (!lstatSync(path).isDirectory() || realpathSync(path) !== path) return undefined;
  } catch {
    return undefined;
  }
  const known = knownWorktree(record.repository.commonDir, path);
  return known === undefined ? undefined : { folder: path, known };
}

/**
 * Removes a worktree, and its branch, where nothing is lost by it. Two that do not know of one another must agree: our own look at
 * every file, and git's `worktree remove` without force. What only its reflogs know is kept under `refs/orchestrator/kept/`.
 * Gives a clause where it stays.
 */
export async function removeWorktree(
  git: Git,
  worktree: RecordedWorktree,
  wish: RemovalWish,
): Promise<string | undefined> {
  const { record } = worktree;
  return withRepositoryLock(record.repository.commonDir, async () => {
    const { facts, reasons } = await inspectWorktree(git, worktree, wish);
    if (facts === undefined || reasons.length > 0) return reasons.join("; ");
    return (await keepHidden(git, record, facts.hidden)) ?? (await removeProven(git, worktree, facts));
  });
}

async function keepHidden(
  git: Git,
  { run, instance, repository }: RecordedWorktree["record"],
  hidden: readonly string[],
): Promise<string | undefined> {
  for (const commit of hidden) {
    const ref = `refs/orchestrator/kept/${run}/${safeName(instance)}/${commit.slice(0, 12)}`;
    const kept = await git({ folder: repository.root }, ["update-ref", ref, commit]);
    if (!kept.ok) return `commits that only its reflog knows could not be kept: ${kept.sentence}`;
  }
  return undefined;
}

async function removeProven(
  git: Git,
  { path, recordFile, record }: RecordedWorktree,
  facts: WorktreeFacts,
): Promise<string | undefined> {
  const ours: GitPlace = { folder: record.repository.root };
  const removed = await git(ours, ["worktree", "remove", path]);
  if (!removed.ok) return `git would not remove it: ${removed.sentence}`;
  rmSync(recordFile, { force: true });
  if (facts.tip === undefined) return undefined;
  if (await isCheckedOut(git, ours, record.branch)) return `its branch ${record.branch} stays: another worktree has it`;
  // Only where it is still what was looked at.
  const words = ["update-ref", "-d", `refs/heads/${record.branch}`, facts.tip];
  const deleted = await git(ours, words);
  return deleted.ok ? undefined : `its branch ${record.branch} stays: ${deleted.sentence}`;
}

/** By another worktree, whose HEAD would then name nothing: `update-ref` does not ask. */
async function isCheckedOut(git: Git, place: GitPlace, branch: string): Promise<boolean> {
  const trees = await git(place, ["worktree", "list", "--porcelain"]);
  return !trees.ok || trees.stdout.split("\n").includes(`branch refs/heads/${branch}`);
}

/**
 * Removes what a run made for instances that did nothing at all: no change, no commit, no branch moved. All else stays, also what
 * could be removed without loss: a person has not seen it yet.
 */
export async function removeUntouched(git: Git, worktree: RecordedWorktree): Promise<boolean> {
  const { record } = worktree;
  const { facts, reasons } = await inspectWorktree(git, worktree, { ignored: false });
  const isUntouched =
    facts !== undefined &&
    reasons.length === 0 &&
    facts.head === record.base &&
    facts.tip === record.base &&
    facts.hidden.length === 0;
  return isUntouched && (await removeWorktree(git, worktree, { ignored: false })) === undefined;
}
