import { mkdtempSync } from "node:fs";
import { copyFile, mkdir, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Git, GitPlace, KnownRepository } from "../git/git.ts";

/** A place whose index and new objects are thrown away: what is done there leaves no trace in the repository. */
export interface ScratchIndex {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

/**
 * What a work tree holds right now, new files included and ignored ones not, as a tree. `trusting` begins from the work tree's own
 * index, which is quicker where little has changed; else every file is read, whatever the index says of it.
 */
export async function treeOf(
  git: Git,
  place: GitPlace & { readonly known: KnownRepository },
  scratch: ScratchIndex,
  trusting: boolean,
): Promise<string | undefined> {
  const { env } = scratch;
  const begun = trusting && (await copies(join(place.known.gitDir, "index"), join(scratch.folder, "index")));
  if (!begun) await git(place, ["read-tree", "HEAD"], { env });
  // A file that cannot be read is left as it was; all others count.
  await git(place, ["add", "--all", "--ignore-errors"], { env, timeoutMs: 1_800_000 });
  const written = await git(place, ["write-tree"], { env });
  return written.ok ? written.stdout.trim() : undefined;
}

/** Gives `work` such a place, and takes it away afterwards. */
export async function withScratchIndex<Answer>(
  commonDir: string,
  work: (scratch: ScratchIndex) => Promise<Answer>,
): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), "claude-orchestrator-index-"));
  try {
    const objects = join(folder, "objects");
    await mkdir(objects);
    const env = {
      GIT_INDEX_FILE: join(folder, "index"),
      GIT_OBJECT_DIRECTORY: objects,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted(join(commonDir, "objects")),
    };
    return await work({ env, folder });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 2 });
  }
}

/** The variable is a list: a path with the list's own sign in it is said in quotes. */
function quoted(path: string): string {
  return path.includes(delimiter) || path.startsWith('"') ? `"${path.replaceAll(/["\\]/g, String.raw`\$&`)}"` : path;
}

/**
 * With the time of the source, in whole seconds: git looks into a file that is no older than its index, as it may have changed in the
 * same second with its size kept. By the time of a fresh copy it would believe the index instead.
 */
async function copies(source: string, target: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(source);
    await copyFile(source, target);
    const seconds = Math.floor(mtimeMs / 1000);
    await utimes(target, seconds, seconds);
    return true;
  } catch {
    return false;
  }
}
