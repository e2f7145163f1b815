import { lstatSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../../makeFolder.ts";
import type { Git, GitPlace } from "../git/git.ts";
import { knownWorktree, resolveCommit } from "../git/repository.ts";
import { withRepositoryLock } from "../git/repositoryLock.ts";
import { checkOutSubmodules } from "./checkOutSubmodules.ts";
import { linkFolders } from "./linkFolders.ts";
import { newRecord, readRecord, writeRecord, type FolderRecord, type OwnWorktree } from "./ownFolder.ts";

/** A folder that is there, with what is on record of it; or why it cannot be had. */
export type MadeFolder = { readonly record: FolderRecord; readonly place: GitPlace } | { readonly problem: string };

/**
 * The worktree of an instance: made where it is not there, else found as it was left. What an agent may have worked in is never
 * made anew, and never cleaned.
 *
 * 1. The record says `making` before anything is made, and `made` once all is there and no agent has been in it: only in
 *    between is anything overwritten.
 * 2. Worktrees of one repository are made one at a time, by whatever process; their files are written side by side.
 */
export async function makeWorktree(git: Git, folder: OwnWorktree): Promise<MadeFolder> {
  const found = readRecord(folder.recordFile);
  const record = found?.kind === "worktree" ? found : newRecord(folder);
  const entry = lstatSync(folder.path, { throwIfNoEntry: false });
  if (entry !== undefined && (!entry.isDirectory() || realpathSync(folder.path) !== folder.path)) {
    return { problem: `\`${folder.path}\` is not the folder that was made there` };
  }
  if (entry === undefined) return makeAnew(git, folder, { ...record, stage: "making", ignored: [] });
  const { repository, path } = folder;
  const known = knownWorktree(repository.commonDir, path);
  if (known === undefined) {
    return { problem: `\`${path}\` is there, but no worktree of \`${repository.root}\`: look at it and move it away` };
  }
  const place: GitPlace = { folder: path, known };
  // (1): without a record nobody can say that it is new, so it is taken as it is.
  if (found === undefined) return { record: { ...record, stage: "made" }, place };
  return found.stage === "making" ? fill(git, folder, record) : { record, place };
}

async function makeAnew(git: Git, folder: OwnWorktree, record: FolderRecord): Promise<MadeFolder> {
  makeFolder(dirname(folder.path));
  writeRecord(folder.recordFile, record);
  const problem = await withRepositoryLock(folder.repository.commonDir, () => addWorktree(git, folder, record.base));
  return problem === undefined ? fill(git, folder, record) : { problem };
}

/** Only the entry: its files follow. The branch goes on where an earlier worktree of the instance has left one. */
async function addWorktree(git: Git, folder: OwnWorktree, base: string): Promise<string | undefined> {
  const { repository, path, branch } = folder;
  const place: GitPlace = { folder: repository.root };
  const hasBranch = (await resolveCommit(git, place, `refs/heads/${branch}`)) !== undefined;
  const from = hasBranch ? [path, branch] : ["--no-track", "-b", branch, path, base];
  const answer = await git(place, ["worktree", "add", "--quiet", "--no-checkout", ...from]);
  return answer.ok ? undefined : `the worktree could not be made: ${answer.sentence}`;
}

async function fill(git: Git, folder: OwnWorktree, record: FolderRecord): Promise<MadeFolder> {
  const { repository, path } = folder;
  const known = knownWorktree(repository.commonDir, path);
  if (known === undefined) return { problem: `the worktree at \`${path}\` is half made: remove it` };
  const place: GitPlace = { folder: path, known };
  const written = await git(place, ["reset", "--quiet", "--hard"], { timeoutMs: 1_800_000 });
  if (!written.ok) return { problem: `the worktree's files could not be written: ${written.sentence}` };
  const problem = await withRepositoryLock(repository.commonDir, async () => {
    const linking = await linkFolders(git, folder, place);
    return linking ?? (folder.isolation.submodules ? await checkOutSubmodules(git, folder, place) : undefined);
  });
  if (problem !== undefined) return { problem };
  const made: FolderRecord = { ...record, stage: "made" };
  writeRecord(folder.recordFile, made);
  return { record: made, place };
}
