import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";

/**
 * The real path of `path`, where it exists and lies inside `folder` (or is it) once every symbolic link has been followed;
 * undefined otherwise. A workspace is not trusted: a link in it may point at a private key.
 */
export function realPathInside(folder: string, path: string): string | undefined {
  try {
    const real = realpathSync(path);
    return isInside(realpathSync(folder), real) ? real : undefined;
  } catch {
    // Not there, not readable, or a circle of links: in each case nothing to be had.
    return undefined;
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`));
}

export interface BoundedText {
  readonly text: string;
  /** True: the file was longer than the bound, and this is its beginning. */
  readonly truncated: boolean;
  /** False: some bytes were no UTF-8 and are shown as U+FFFD. */
  readonly validUtf8: boolean;
}

/** The first `maxBytes` of a regular file as text; undefined where it is none, or cannot be read. Follows no link. */
export function readBoundedText(path: string, maxBytes: number): BoundedText | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(fd);
    if (!stat.isFile()) return undefined;
    const bytes = readUpTo(fd, Math.min(maxBytes, stat.size));
    return { ...decode(bytes, stat.size > bytes.length), truncated: stat.size > bytes.length };
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function readUpTo(fd: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const got = readSync(fd, bytes, at, length - at, null);
    if (got === 0) break;
    at += got;
  }
  return bytes.subarray(0, at);
}

function decode(bytes: Buffer, cut: boolean): { readonly text: string; readonly validUtf8: boolean } {
  try {
    // With `stream`, a character cut by the bound is left out instead of being called invalid.
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: cut }), validUtf8: true };
  } catch {
    return { text: new TextDecoder("utf-8").decode(bytes), validUtf8: false };
  }
}
