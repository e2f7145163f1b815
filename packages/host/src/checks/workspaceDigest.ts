import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
} from "node:fs";
import { join } from "node:path";
import { runBriefly } from "../briefProcess.ts";

const mostEntries = 50_000;
/** A file's content counts up to this size, and of all files together up to that; beyond, size and time stand for it. */
const mostHashedFile = 16 * 1024 * 1024;
const mostHashed = 256 * 1024 * 1024;
/** Entries looked at in one go, before others have their turn. */
const sliceEntries = 200;
const skipped = new Set([".git", "node_modules", ".orchestrator"]);

interface Hashed {
  readonly stamp: string;
  readonly hash: string;
}

/**
 * Makes a function that answers one text for the state of a folder: the same as long as no file in it was added, removed or
 * changed. In a git work tree that is what git would list (so ignored files do not count) and the commit; elsewhere all files
 * but those in `.git`, `node_modules` and `.orchestrator`, up to 50,000. Undefined where the folder cannot be read. What a
 * file held is remembered by its size and times, so that a second look reads only what changed.
 */
export function createWorkspaceDigest(): (folder: string) => Promise<string | undefined> {
  const remembered = new Map<string, Hashed>();
  return async (folder) => {
    try {
      const listing = (await listByGit(folder)) ?? { head: "", paths: listByWalking(folder) };
      const digest = createHash("sha256").update(listing.head);
      const budget = { bytes: mostHashed };
      let looked = 0;
      for (const path of listing.paths) {
        digest.update(`\0${path}\0${describeEntry(join(folder, path), remembered, budget)}`);
        looked += 1;
        if (looked % sliceEntries === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      return digest.digest("hex");
    } catch {
      // The folder is gone or closed to us: the check says that it could not compare.
      return undefined;
    }
  };
}

interface Listing {
  readonly head: string;
  readonly paths: readonly string[];
}

/**
 * Only lists: `git status` and `git diff` would run programs named in the repository's own settings (filters, monitors), and
 * the agent may just have written those. The person's and the system's git settings are left out for the same reason.
 */
async function listByGit(folder: string): Promise<Listing | undefined> {
  const files = await git(folder, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  if (files === undefined) return undefined;
  const head = await git(folder, ["rev-parse", "--verify", "--quiet", "HEAD"]);
  const paths = [...new Set(files.split("\0"))].filter((path) => path !== "" && !path.startsWith(".orchestrator/"));
  return { head: head ?? "", paths: paths.slice(0, mostEntries).toSorted() };
}

async function git(folder: string, words: readonly string[]): Promise<string | undefined> {
  const settings = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.untrackedCache=false",
    "core.quotePath=false",
  ];
  const answer = await runBriefly({
    argv: ["git", "--no-pager", "--no-optional-locks", ...settings.flatMap((setting) => ["-c", setting]), ...words],
    cwd: folder,
    env: {
      PATH: process.env["PATH"] ?? "/usr/bin:/bin",
      LC_ALL: "C",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: process.platform === "win32" ? "NUL" : "/dev/null",
      GIT_OPTIONAL_LOCKS: "0",
      GIT_TERMINAL_PROMPT: "0",
    },
    timeoutMs: 30_000,
    maxBytes: 32 * 1024 * 1024,
  });
  return answer.code === 0 && !answer.truncated ? answer.stdout.toString() : undefined;
}

function listByWalking(folder: string): readonly string[] {
  const paths: string[] = [];
  const pending = [""];
  for (let at = pending.pop(); at !== undefined && paths.length < mostEntries; at = pending.pop()) {
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      if (skipped.has(entry.name)) continue;
      const path = at === "" ? entry.name : `${at}/${entry.name}`;
      paths.push(path);
      if (entry.isDirectory()) pending.push(path);
    }
  }
  return paths.slice(0, mostEntries).toSorted();
}

/** What an entry is, in a text that changes with it. */
function describeEntry(path: string, remembered: Map<string, Hashed>, budget: { bytes: number }): string {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return "gone";
  if (stat.isSymbolicLink()) return `link ${readlinkSync(path)}`;
  if (stat.isDirectory()) return "folder";
  if (!stat.isFile()) return "other";
  const mode = stat.mode & 0o111 ? "executable" : "file";
  const stamp = `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
  const known = remembered.get(path);
  if (known?.stamp === stamp) return `${mode} ${known.hash}`;
  if (stat.size > mostHashedFile || stat.size > budget.bytes) return `${mode} ${stat.size} ${stat.mtimeMs}`;
  budget.bytes -= stat.size;
  const hash = hashFile(path);
  if (isSettled(stat)) remembered.set(path, { stamp, hash });
  return `${mode} ${hash}`;
}

/** A file changed a moment ago may change again without its times moving (they are as coarse as the kernel's tick). */
function isSettled(stat: Stats): boolean {
  return Date.now() - Math.max(stat.mtimeMs, stat.ctimeMs) > 2_000;
}

function hashFile(path: string): string {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch {
    return "unreadable";
  }
  try {
    const bytes = Buffer.allocUnsafe(fstatSync(fd).size);
    return createHash("sha256")
      .update(bytes.subarray(0, readSync(fd, bytes)))
      .digest("base64");
  } finally {
    closeSync(fd);
  }
}
