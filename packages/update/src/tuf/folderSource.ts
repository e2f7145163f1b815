import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { NotThere } from "./updateSource.ts";
import type { ReadBounds, UpdateSource } from "./updateSource.ts";

/** A repository in a folder: a USB stick, a share, what a mirror has fetched. */
export function folderSource(folder: string): UpdateSource {
  return { name: folder, read: (path, bounds) => readInFolder(join(folder, path), bounds) };
}

async function readInFolder(file: string, { maxBytes }: ReadBounds): Promise<AsyncIterable<Uint8Array>> {
  // A pipe of that name must not make us wait for its other end.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    throw code === "ENOENT" || code === "ENOTDIR" ? new NotThere(`${file} is not there`, { cause: error }) : error;
  });
  try {
    const about = await handle.stat();
    if (!about.isFile()) throw new Error(`${file} is no file`);
    if (about.size > maxBytes) throw new Error(`it is longer than ${maxBytes} bytes`);
    // It may grow while it is read.
    return handle.createReadStream({ end: maxBytes });
  } catch (error) {
    await handle.close();
    throw error;
  }
}
