import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Git, GitPlace, KnownRepository } from "./git.ts";

/** A repository with a work tree. */
export interface Repository {
  /** Real and absolute. */
  readonly root: string;
  /** The folder that all its worktrees share. */
  readonly commonDir: string;
}

/** The repository that a folder lies in; undefined where it lies in none, or in one without a work tree. */
export async function findRepository(git: Git, folder: string): Promise<Repository | undefined> {
  const words = ["rev-parse", "--path-format=absolute", "--show-toplevel", "--git-common-dir"];
  const answer = await git({ folder }, words);
  const [root, commonDir] = answer.stdout.split("\n");
  if (!answer.ok || root === undefined || root === "" || commonDir === undefined) return undefined;
  return { root: realpathSync(root), commonDir: realpathSync(commonDir) };
}

/** The commit a person's words name; undefined where they name none. */
export async function resolveCommit(git: Git, place: GitPlace, name: string): Promise<string | undefined> {
  const words = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  const answer = await git(place, words);
  const commit = answer.stdout.trim();
  return answer.ok && isObjectId(commit) ? commit : undefined;
}

export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/**
 * A linked worktree as git has it on record in the shared folder, found by its path and not by the `.git` in it. Undefined
 * where git knows of none at that path, or where the two do not point at one another any more.
 */
export function knownWorktree(commonDir: string, path: string): KnownRepository | undefined {
  const folder = join(commonDir, "worktrees");
  const dotGit = join(path, ".git");
  for (const name of namesIn(folder)) {
    const gitDir = join(folder, name);
    const target = readLine(join(gitDir, "gitdir"));
    if (target === undefined || resolve(gitDir, target) !== dotGit) continue;
    const [, back] = /^gitdir: (.*)$/.exec(readLine(dotGit) ?? "") ?? [];
    const isMutual = back !== undefined && resolve(path, back) === gitDir;
    return isMutual ? { gitDir, commonDir, workTree: path } : undefined;
  }
  return undefined;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No worktree has ever been made.
    return [];
  }
}

function readLine(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch {
    return undefined;
  }
}
