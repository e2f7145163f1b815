import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing, mode 0700; does nothing where it exists. Level by level, since Node's
 * recursive form never returns where the file system answers ENOENT for a folder whose parent exists, as /proc does.
 *
 * @throws the system's error where a level cannot be made
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = path; statSync(folder, { throwIfNoEntry: false }) === undefined; folder = dirname(folder)) {
    missing.unshift(folder);
    if (dirname(folder) === folder) break;
  }
  for (const folder of missing) makeLevel(folder);
  // What exists already may be a file: then this says so.
  if (missing.length === 0 && !statSync(path).isDirectory()) mkdirSync(path);
}

function makeLevel(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
    // Another program may have made it in between; what is there must still be a folder.
    if (!exists || !statSync(folder).isDirectory()) throw error;
  }
}
