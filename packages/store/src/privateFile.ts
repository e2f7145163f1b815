import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

/** Makes the directory and syncs its entry, so that a power cut after the first acknowledged event cannot take the folder. */
export function makeDirectory(directory: string): void {
  const firstMade = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (firstMade === undefined || process.platform === "win32") return;
  for (let made = directory; made.startsWith(firstMade); made = dirname(made)) syncDirectory(dirname(made));
}

/**
 * Empty, mode 0600 whatever the umask: SQLite gives the files it makes beside it the same mode.
 *
 * @throws EEXIST where there is one: it is not even opened then
 */
export function makePrivateFile(path: string): void {
  const descriptor = openSync(path, "wx", 0o600);
  try {
    fchmodSync(descriptor, 0o600);
  } finally {
    closeSync(descriptor);
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
