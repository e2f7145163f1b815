import { chmodSync, lstatSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";

/**
 * Makes an attempt's own folder (0700) with `tmp` in it and its `files` (text by relative path, 0600). A folder that is there
 * already must be a real one and becomes 0700; no file is written through a link, nor over another.
 *
 * @throws the error of the file system; EINVAL for a name that leads out of the folder
 */
export function makePrivateDirectory(path: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  makeOrKeepFolder(path);
  makeOrKeepFolder(join(path, "tmp"));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(prepareTarget(path, name), text, { mode: 0o600, flag: "wx" });
  }
}

/** Removes it with all that is in it. A process may have taken away our own permissions: they are taken back first. */
export async function removePrivateDirectory(path: string): Promise<void> {
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 2 });
  try {
    await remove();
  } catch {
    try {
      openFolders(path);
      await remove();
    } catch {
      // What still cannot be removed stays: it is inside the run's folder, and no reason to call the attempt a failure.
    }
  }
  removeIfEmpty(dirname(path));
}

/** The folder of all private directories goes with the last of them. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another attempt has its directory in it, or the run's folder is gone altogether.
  }
}

function openFolders(path: string): void {
  chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(path, entry.name));
  }
}

function makeOrKeepFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!isCode(error, "EEXIST") || !lstatSync(path).isDirectory()) throw error;
    chmodSync(path, 0o700);
  }
}

function prepareTarget(root: string, name: string): string {
  const relative = normalize(name);
  if (isAbsolute(name) || relative === "." || relative === ".." || relative.startsWith(`..${sep}`)) {
    throw Object.assign(new Error(`a file of a private directory must lie inside it: ${name}`), { code: "EINVAL" });
  }
  const parts = relative.split(sep);
  // One by one, so that none of them is a link.
  for (let depth = 1; depth < parts.length; depth++) makeOrKeepFolder(join(root, ...parts.slice(0, depth)));
  return join(root, relative);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
