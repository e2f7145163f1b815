import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What was written is on the disk when this returns, as far as the system can tell. */
export function syncFile(path: string): void {
  // Windows syncs only what is open for writing.
  const descriptor = openSync(path, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Renames in one step: whoever looks sees the one or the other, a machine that loses its power too. */
export function moveInPlace(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

export function writeInPlace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  syncFile(`${path}.new`);
  moveInPlace(`${path}.new`, path);
}

function syncFolder(path: string): void {
  // No other system lets a folder be opened.
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
