import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";

/** A workspace is not trusted: its folders are copied up to these bounds, and no attempt starts from a larger one. */
const mostCopiedFiles = 10_000;
const mostCopiedBytes = 256 * 1024 * 1024;

export interface PrivateDirectoryContent {
  readonly files: Readonly<Record<string, string>>;
  readonly copies: Readonly<Record<string, string>>;
}

/**
 * Makes an attempt's own folder (0700) with `tmp` in it, its files (0600) and copies. Symbolic links and whatever else is no
 * file or folder are left out of copies. A folder that is there already must be a real one and becomes 0700.
 *
 * @throws the error of the file system; EINVAL for a name that leads out of the folder, EFBIG for copies over the bounds
 */
export function makePrivateDirectory(path: string, content: PrivateDirectoryContent): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  makeOrKeepFolder(path);
  makeOrKeepFolder(join(path, "tmp"));
  for (const [name, text] of Object.entries(content.files)) {
    writeFileSync(prepareTarget(path, name), text, { mode: 0o600, flag: "wx" });
  }
  const budget = { files: mostCopiedFiles, bytes: mostCopiedBytes };
  for (const [name, source] of Object.entries(content.copies)) copy(source, prepareTarget(path, name), budget);
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
  const target = join(root, relative);
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  return target;
}

interface CopyBudget {
  files: number;
  bytes: number;
}

function copy(source: string, target: string, budget: CopyBudget): void {
  const entry = lstatSync(source);
  if (entry.isFile()) copyFile(source, target, budget);
  if (!entry.isDirectory()) return;
  makeOrKeepFolder(target);
  for (const name of readdirSync(source)) copy(join(source, name), join(target, name), budget);
}

function copyFile(source: string, target: string, budget: CopyBudget): void {
  // Opened without following and looked at by descriptor: what was a file a moment ago may be a link or a pipe by now.
  const from = openSync(source, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(from);
    if (!stat.isFile()) return;
    budget.files -= 1;
    budget.bytes -= stat.size;
    if (budget.files < 0 || budget.bytes < 0) throw tooLarge(source);
    writeFileSync(target, readExactly(from, stat.size), { mode: 0o600, flag: "wx" });
  } finally {
    closeSync(from);
  }
}

/** No more than `size`, so that a file which grows meanwhile cannot grow past the bound. */
function readExactly(fd: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (let got = -1; at < size && got !== 0; at += got) got = readSync(fd, bytes, at, size - at, null);
  return bytes.subarray(0, at);
}

function tooLarge(source: string): Error {
  return Object.assign(new Error(`too much to copy into a private directory, at ${source}`), { code: "EFBIG" });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
