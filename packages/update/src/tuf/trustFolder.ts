import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/*
 * What was believed last stands in a folder of its own, and is what an old state is recognized by.
 *
 * 1. tuf-js works on a copy: killed while it writes, it leaves what was there before.
 * 2. What it has verified is kept file by file, each whole, also where a later file was refused: a root that was rotated is
 *    believed from then on.
 * 3. The root goes first: what follows is verified by it.
 */

const names = ["root.json", "timestamp.json", "snapshot.json", "targets.json"] as const;

/** A copy to work on. @param root what the program was delivered with; a newer one that was believed before is taken instead */
export function openTrust(folder: string, root: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeWork(folder);
  const work = mkdtempSync(join(folder, "work-"));
  for (const name of names) {
    const known = readOr(join(folder, name));
    if (known !== undefined && name !== "root.json") writeDurably(join(work, name), known);
  }
  const known = readOr(join(folder, "root.json"));
  const isNewer = known !== undefined && rootVersion(known) > rootVersion(root);
  writeDurably(join(work, "root.json"), isNewer ? known : root);
  return work;
}

/** Keeps what was verified, and removes the copy. */
export function keepTrust(folder: string, work: string): void {
  for (const name of names) {
    const now = readOr(join(work, name));
    if (now === undefined || now === readOr(join(folder, name))) continue;
    writeDurably(join(work, `${name}.new`), now);
    renameSync(join(work, `${name}.new`), join(folder, name));
  }
  rmSync(work, { recursive: true, force: true });
}

/** Of one who was killed: there is one update at a time. */
function removeWork(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith("work-")) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** 0 where it is none. */
export function rootVersion(text: string): number {
  try {
    const { signed } = JSON.parse(text) as { readonly signed: { readonly version: number } };
    return Number.isSafeInteger(signed.version) ? signed.version : 0;
  } catch {
    return 0;
  }
}

function readOr(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function writeDurably(file: string, text: string): void {
  const descriptor = openSync(file, "w", 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
