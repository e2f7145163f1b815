import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Bytes of all files in a folder, links not followed. What vanishes or may not be read meanwhile counts nothing. */
export function folderSize(folder: string): number {
  return entriesOf(folder).reduce((sum, path) => sum + sizeOf(path), 0);
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function sizeOf(path: string): number {
  try {
    const found = lstatSync(path);
    return found.isDirectory() ? folderSize(path) : found.size;
  } catch {
    return 0;
  }
}
