import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../../makeFolder.ts";
import type { Git, GitPlace, KnownRepository } from "../git/git.ts";
import { resolveCommit } from "../git/repository.ts";
import { copyFolder } from "./copyFolder.ts";
import type { MadeFolder } from "./makeWorktree.ts";
import { newRecord, readRecord, writeRecord, type FolderRecord, type OwnCopy } from "./ownFolder.ts";

/**
 * The copy of an instance: made where it is not there, else found as it was left. What it began as is kept in a small repository
 * beside it, so that what changed can be told whether or not the workspace is under version control.
 */
export async function makeCopy(git: Git, folder: OwnCopy): Promise<MadeFolder> {
  const found = readRecord(folder.recordFile);
  const place = placeOfCopy(folder.path);
  if (existsSync(folder.path)) {
    if (found === undefined)
      return { problem: `\`${folder.path}\` is there, and nobody knows whose it is: move it away` };
    return found.stage === "making" ? keepBeginning(git, folder, found) : { record: found, place };
  }
  const record = newRecord(folder);
  makeFolder(dirname(folder.path));
  writeRecord(folder.recordFile, record);
  // Half a copy has another name, so that it is never taken for a whole one.
  const draft = `${folder.path}.partial`;
  await rm(draft, { recursive: true, force: true, maxRetries: 2 });
  await copyFolder({ source: folder.source, target: draft, finalTarget: folder.path });
  await rename(draft, folder.path);
  return keepBeginning(git, folder, record);
}

/** The repository that remembers what a copy began as. */
export function placeOfCopy(path: string): GitPlace & { readonly known: KnownRepository } {
  const gitDir = `${path}.beginning`;
  return { folder: path, known: { gitDir, commonDir: gitDir, workTree: path } };
}

async function keepBeginning(git: Git, folder: OwnCopy, record: FolderRecord): Promise<MadeFolder> {
  const place = placeOfCopy(folder.path);
  await rm(place.known.gitDir, { recursive: true, force: true, maxRetries: 2 });
  const made = await git({ folder: folder.path }, ["init", "--quiet", "--template=", "--bare", place.known.gitDir]);
  if (!made.ok) return { problem: `what the copy begins as could not be kept: ${made.sentence}` };
  const timeoutMs = 1_800_000;
  await git(place, ["add", "--all", "--ignore-errors"], { timeoutMs, config: [["core.looseCompression", "1"]] });
  const words = ["commit", "--quiet", "--allow-empty", "--no-verify", "--message", `A copy of ${folder.source}`];
  const kept = await git(place, words, { timeoutMs });
  const base = await resolveCommit(git, place, "HEAD");
  if (!kept.ok || base === undefined) return { problem: `what the copy begins as could not be kept: ${kept.sentence}` };
  const whole: FolderRecord = { ...record, stage: "made", base };
  writeRecord(folder.recordFile, whole);
  return { record: whole, place };
}
