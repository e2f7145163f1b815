import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ownFoldersRoot, readRecord, type FolderRecord } from "./ownFolder.ts";
import type { RecordedWorktree } from "./removeWorktree.ts";

/** A folder of an instance, with what was put down when it was made. */
export interface RecordedFolder {
  readonly path: string;
  readonly recordFile: string;
  readonly record: FolderRecord;
}

/** Told of a folder that is there and cannot be read, which is no reason to believe that nothing is in it. */
type Unreadable = (folder: string, error: unknown) => void;

/** Every folder that was made for an instance and is on record, of all repositories; by run and name. */
export function listRecords(
  variables: Readonly<Record<string, string | undefined>>,
  unreadable: Unreadable = () => undefined,
): readonly RecordedFolder[] {
  const root = ownFoldersRoot(variables);
  if (root === undefined) return [];
  const foldersIn = (folder: string) => namesIn(folder, "folder", unreadable).map((name) => join(folder, name));
  return foldersIn(root)
    .flatMap(foldersIn)
    .flatMap((folder) => recordsIn(folder, unreadable))
    .toSorted((a, b) => compare(a.record.run, b.record.run) || compare(a.record.instance, b.record.instance));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

export function isWorktreeRecord(folder: RecordedFolder): folder is RecordedWorktree {
  return folder.record.kind === "worktree";
}

function recordsIn(folder: string, unreadable: Unreadable): readonly RecordedFolder[] {
  return namesIn(folder, "file", unreadable).flatMap((name) => {
    const recordFile = join(folder, name);
    const record = name.endsWith(".json") ? readRecord(recordFile) : undefined;
    return record === undefined ? [] : [{ path: recordFile.slice(0, -".json".length), recordFile, record }];
  });
}

/** Links are neither. */
function namesIn(folder: string, kind: "file" | "folder", unreadable: Unreadable): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => (kind === "file" ? entry.isFile() : entry.isDirectory()))
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") unreadable(folder, error);
    return [];
  }
}
