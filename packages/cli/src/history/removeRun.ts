import { existsSync, lstatSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseRunId } from "@claude-orchestrator/domain";
import { acquireRunLock } from "@claude-orchestrator/store";

/** Begins the name of a run's folder while it is removed. */
const asidePrefix = ".removed-";

/**
 * Removes a run's folder, and nothing else: not what a link in it leads to, not a folder that is no run's, not a run that a
 * process supervises. First it is put aside under another name, so that nobody ever sees half a run. Gives a sentence where
 * it could not be removed.
 */
export function removeRun(directory: string): string | undefined {
  const refusal = whyNotARun(directory);
  if (refusal !== undefined) return refusal;
  try {
    const aside = putAside(directory);
    if (aside === undefined) return "it is running";
    rmSync(aside, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Begins the name of a folder that an import fills. It is left behind only where the import was killed. */
export const importingPrefix = ".importing-";

/** No import takes this long. */
const longestImportMs = 24 * 60 * 60 * 1000;

/** Removes what an earlier removal or import was interrupted at. Never throws: the next one tries again. */
export function removeLeftovers(runsFolder: string, now: number): void {
  try {
    for (const entry of readdirSync(runsFolder, { withFileTypes: true })) {
      const path = join(runsFolder, entry.name);
      if (entry.isDirectory() && isLeftover(path, now)) rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // Seen again by the next removal.
  }
}

function isLeftover(path: string, now: number): boolean {
  const name = basename(path);
  if (name.startsWith(asidePrefix)) return parseRunId(name.slice(asidePrefix.length)) !== undefined;
  return name.startsWith(importingPrefix) && now - lstatSync(path).mtimeMs > longestImportMs;
}

/** A run whose log was deleted has its lock still: whoever names it, or wants the damaged ones gone too, is rid of it. */
const signs = ["events.db", "lock.db"] as const;

function whyNotARun(directory: string): string | undefined {
  const found = lstatSync(directory, { throwIfNoEntry: false });
  if (found === undefined) return "it is gone already";
  if (!found.isDirectory()) return "it is a link or a file, not a run's folder";
  if (parseRunId(basename(directory)) === undefined || !signs.some((name) => existsSync(join(directory, name)))) {
    return "it is not a run's folder: it has neither a log nor a lock";
  }
  return undefined;
}

/** While we hold the lock nobody takes the run up; after it is renamed nobody finds it. Undefined where it is held. */
function putAside(directory: string): string | undefined {
  const lock = acquireRunLock(directory);
  if (lock === undefined) return undefined;
  try {
    const aside = join(dirname(directory), `${asidePrefix}${basename(directory)}`);
    renameSync(directory, aside);
    return aside;
  } finally {
    lock.release();
  }
}
