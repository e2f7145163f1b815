import { lstat, readdir } from "node:fs/promises";
import { basename, join } from "node:path";

export interface FolderMeasure {
  /** What it takes on disk, links not followed. */
  readonly bytes: number;
  /** Repositories in it, beside its own: relative paths, at most a few. */
  readonly repositories: readonly string[];
}

const mostNamed = 5;

/** Looks at everything in a folder, without following a link. What cannot be looked at counts as nothing. */
export async function measureFolder(folder: string): Promise<FolderMeasure> {
  const repositories: string[] = [];
  let bytes = 0;
  const pending = [""];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const entries = await readdir(join(folder, at), { withFileTypes: true }).catch(() => []);
    const isNamed = at !== "" && basename(at) !== ".git" && isRepository(entries);
    if (isNamed && repositories.length < mostNamed) repositories.push(at);
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) pending.push(path);
      const stat = await lstat(join(folder, path)).catch(() => undefined);
      // In blocks of 512 bytes, as `du` counts; a file with holes takes only what is written.
      bytes += stat === undefined ? 0 : (stat.blocks ?? Math.ceil(stat.size / 512)) * 512;
    }
  }
  return { bytes, repositories };
}

/** One with a `.git`, or a bare one. */
function isRepository(entries: readonly { readonly name: string }[]): boolean {
  const names = new Set(entries.map(({ name }) => name));
  return names.has(".git") || (names.has("HEAD") && names.has("objects") && names.has("refs"));
}
