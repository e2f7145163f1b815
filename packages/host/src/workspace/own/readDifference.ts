import { mkdtempSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Git } from "../git/git.ts";
import type { RecordedFolder } from "./listRecords.ts";
import { isWorktreeRecord } from "./listRecords.ts";
import { placeOfCopy } from "./makeCopy.ts";
import { measureChanges } from "./measureChanges.ts";
import { placeAt } from "./removeWorktree.ts";

export interface Difference {
  /** As `git diff` prints it. */
  readonly text: string;
  /** `undefined` lines are those of a file that is no text. */
  readonly files: readonly {
    readonly path: string;
    readonly insertions: number | undefined;
    readonly deletions: number | undefined;
  }[];
}

/**
 * What differs from the base: of the folder as it is now, else as it was saved when the attempt ended (`savedFile`). Undefined where
 * neither is there.
 */
export async function readDifference(
  git: Git,
  folder: RecordedFolder | undefined,
  savedFile: string | undefined,
): Promise<Difference | undefined> {
  const scratch = mkdtempSync(join(tmpdir(), "claude-orchestrator-diff-"));
  try {
    const fresh = folder === undefined ? undefined : await measureNow(git, folder, join(scratch, "now.diff"));
    const file = fresh ?? savedFile;
    if (file === undefined) return undefined;
    const text = await readFile(file, "utf8");
    return { text, files: text === "" ? [] : await filesOf(git, file) };
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 2 });
  }
}

async function measureNow(git: Git, folder: RecordedFolder, file: string): Promise<string | undefined> {
  const place = isWorktreeRecord(folder) ? placeAt(folder) : placeOfCopy(folder.path);
  if (place === undefined) return undefined;
  return (await measureChanges(git, place, folder.record.base, file)) === undefined ? undefined : file;
}

async function filesOf(git: Git, file: string): Promise<Difference["files"]> {
  const { stdout } = await git({ folder: tmpdir() }, ["apply", "--numstat", "-z", "--", file]);
  return stdout.split("\0").flatMap((line) => {
    const [inserted, deleted, ...path] = line.split("\t");
    if (inserted === undefined || deleted === undefined || path.length === 0) return [];
    return [{ path: path.join("\t"), insertions: linesOf(inserted), deletions: linesOf(deleted) }];
  });
}

function linesOf(text: string): number | undefined {
  return text === "-" ? undefined : Number(text);
}
