import { randomBytes } from "node:crypto";
import { lstatSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";

/** The kernel's own bound is 104 bytes on macOS and 108 on Linux, its end included. */
const longestPathBytes = 100;

const socketName = "control.sock";
const temporaryPrefix = "claude-orchestrator-control-";
const pipePrefix = String.raw`\\.\pipe\claude-orchestrator-`;
const pipeName = /^\\\\\.\\pipe\\claude-orchestrator-[0-9a-f]{32}$/;

/**
 * Where the supervisor of a run listens: a socket in the run's folder, or, where its path would be too long or others may
 * look into the folder, in a fresh folder (0700) of the system's temporary one. On Windows a named pipe with a random name.
 */
export function makeControlAddress(directory: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === "win32") return pipePrefix + randomBytes(16).toString("hex");
  const inside = join(directory, socketName);
  const fits = Buffer.byteLength(inside) <= longestPathBytes && whyNotPrivate(directory) === undefined;
  return fits ? inside : join(mkdtempSync(join(tmpdir(), temporaryPrefix)), socketName);
}

/** Takes the socket away, and the folder made for it; does nothing for what is no address of ours. */
export function removeControlAddress(address: string, platform: NodeJS.Platform = process.platform): void {
  if (platform === "win32" || basename(address) !== socketName) return;
  try {
    if (lstatSync(address, { throwIfNoEntry: false })?.isSocket() === true) rmSync(address);
    const folder = dirname(address);
    if (basename(folder).startsWith(temporaryPrefix)) rmdirSync(folder);
  } catch {
    // Somebody else's by now, or gone with its folder: nothing of ours is left there either way.
  }
}

/**
 * Why an address must not be trusted, in a sentence; undefined where it may be: only we can have put a socket there.
 * A named pipe has no folder to look at, so its token alone has to do: what it is made with lets others read and not write. It is
 * one of this machine, for a path to another machine's would take the token there.
 */
export function whyNotTrusted(address: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform === "win32") return pipeName.test(address) ? undefined : `${address} is no pipe of ours`;
  if (!isAbsolute(address) || basename(address) !== socketName) return `${address} is no socket of ours`;
  const entry = lstatSync(address, { throwIfNoEntry: false });
  if (entry === undefined) return `there is no socket at ${address}`;
  if (!entry.isSocket() || entry.uid !== process.getuid?.()) return `${address} is no socket of ours`;
  return whyNotPrivate(dirname(address));
}

function whyNotPrivate(folder: string): string | undefined {
  const entry = lstatSync(folder, { throwIfNoEntry: false });
  if (entry?.isDirectory() !== true) return `${folder} is no folder`;
  if (entry.uid !== process.getuid?.()) return `${folder} belongs to somebody else`;
  return (entry.mode & 0o077) === 0 ? undefined : `others may look into ${folder}`;
}
