import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import path from "node:path";
import { UserError } from "@claude-orchestrator/domain";

/** A folder with more is no release. */
const mostFiles = 20_000;
/** Bytes. */
const pieceSize = 1_048_576;
/** Absent on Windows, where a link needs rights that few have. */
const noFollow = constants.O_NOFOLLOW ?? 0;

/**
 * Everything below a folder but folders, by path with forward slashes; true for a plain file. No link is followed.
 *
 * @throws UserError usage
 */
export async function filesBelow(folder: string): Promise<ReadonlyMap<string, boolean>> {
  const found = new Map<string, boolean>();
  const folders = [""];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    for (const entry of await readdir(path.join(folder, at), { withFileTypes: true })) {
      const name = `${at}${entry.name}`;
      if (entry.isDirectory()) folders.push(`${name}/`);
      else found.set(name, entry.isFile());
      if (found.size + folders.length > mostFiles) {
        throw new UserError("usage", `${folder} holds more than ${mostFiles} files, so it is no release`);
      }
    }
  }
  return found;
}

/** The whole of a small file; undefined where there is none, or where it is larger than any honest one. */
export async function readSmall(file: string, most: number): Promise<Buffer | undefined> {
  const found = await lstat(file).catch(() => undefined);
  if (found?.isFile() !== true || found.size > most) return undefined;
  const parts: Buffer[] = [];
  for await (const piece of contentOf(file, most)) parts.push(Buffer.from(piece));
  return Buffer.concat(parts);
}

/** A file's bytes, a piece at a time; each is good until the next is asked for. A link in its place is an error. */
export async function* contentOf(file: string, most = Number.MAX_SAFE_INTEGER): AsyncGenerator<Buffer> {
  // Closed by hand: where Yarn stands between a program and its files, they cannot be disposed of.
  const handle = await open(file, constants.O_RDONLY | noFollow);
  const piece = Buffer.allocUnsafe(pieceSize);
  try {
    for (let left = most; left > 0;) {
      const { bytesRead } = await handle.read(piece, 0, Math.min(pieceSize, left));
      if (bytesRead === 0) return;
      left -= bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of contentOf(file)) hash.update(piece);
  return hash.digest("hex");
}
