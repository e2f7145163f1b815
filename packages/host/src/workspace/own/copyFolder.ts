import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readdir, readFile, readlink, symlink, utimes } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";

interface Copying {
  readonly source: string;
  readonly target: string;
  /** What the target will be called once it is whole. */
  readonly finalTarget: string;
}

/**
 * Copies a folder with all that is in it, sharing blocks where the file system can. Links stay links and are not followed; one
 * that names a place inside the folder by its whole path names that place in the copy. `.orchestrator` at the top is left out,
 * and so are sockets, pipes and devices, and a `.git` file that names a repository outside: a commit in the copy must not land
 * there.
 *
 * @throws the error of the file system
 */
export async function copyFolder(copying: Copying): Promise<void> {
  await copyEntries(copying, "");
}

async function copyEntries(copying: Copying, at: string): Promise<void> {
  const { source, target } = copying;
  const { mode } = await lstat(join(source, at));
  await mkdir(join(target, at), { recursive: true, mode: 0o700 });
  for (const entry of await readdir(join(source, at), { withFileTypes: true })) {
    const path = join(at, entry.name);
    if (path === ".orchestrator") continue;
    if (entry.isDirectory()) await copyEntries(copying, path);
    else if (entry.isSymbolicLink()) await copyLink(copying, path);
    else if (entry.isFile() && !(entry.name === ".git" && (await leadsOut(source, path)))) {
      await copyOne(join(source, path), join(target, path));
    }
  }
  // Last, since a folder that may not be written could not be filled.
  await chmod(join(target, at), (mode & 0o777) | 0o700);
}

async function copyOne(source: string, target: string): Promise<void> {
  const { atime, mtime } = await lstat(source);
  await copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  // Tools that compare times (make) find nothing to do in the copy.
  await utimes(target, atime, mtime);
}

async function copyLink({ source, target, finalTarget }: Copying, path: string): Promise<void> {
  const text = await readlink(join(source, path));
  const inside = isAbsolute(text) ? wayInside(source, text) : undefined;
  await symlink(inside === undefined ? text : join(finalTarget, inside), join(target, path));
}

/** A whole path is one into the original, wherever it lies. */
async function leadsOut(source: string, path: string): Promise<boolean> {
  const text = await readFile(join(source, path), "utf8");
  const goal = /^gitdir: (.*)$/m.exec(text)?.[1] ?? "";
  return isAbsolute(goal) || wayInside(source, resolve(source, path, "..", goal)) === undefined;
}

function wayInside(folder: string, path: string): string | undefined {
  const way = relative(folder, path);
  return isAbsolute(way) || way === ".." || way.startsWith(`..${sep}`) ? undefined : way;
}
