import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Fetcher } from "tuf-js";
import { DownloadHTTPError, DownloadLengthMismatchError } from "tuf-js/dist/error.js";
import { NotThere } from "./updateSource.ts";
import type { UpdateSource } from "./updateSource.ts";

/** Under which tuf-js asks for files; nothing is ever asked of such a host. */
export const repositoryBase = "https://repository.invalid/";

/** How long one file may take. Metadata is small, a release is tens of megabytes over a bad line. */
export interface FetchPatience {
  readonly metadataMs: number;
  readonly targetMs: number;
}

const usualPatience: FetchPatience = { metadataMs: 30_000, targetMs: 30 * 60_000 };

/** Lets tuf-js read from a source, each file within its bounds. Files on their way stand in `folder`, which is its caller's to remove. */
export function sourceFetcher(source: UpdateSource, folder: string, patience: FetchPatience = usualPatience): Fetcher {
  const stream = async (url: string, maxBytes: number): Promise<AsyncIterable<Uint8Array>> => {
    const path = pathOf(url);
    const timeoutMs = path.startsWith("targets/") ? patience.targetMs : patience.metadataMs;
    try {
      return await source.read(path, { maxBytes, timeoutMs });
    } catch (error) {
      // By this tuf-js knows that there is no newer root.
      if (error instanceof NotThere) throw new DownloadHTTPError(error.message, 404);
      throw error;
    }
  };
  return {
    async downloadBytes(url, maxBytes) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bounded(await stream(url, maxBytes), maxBytes)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    async downloadFile(url, maxBytes, handler) {
      const file = join(folder, "download");
      const descriptor = openSync(file, "wx", 0o600);
      try {
        for await (const chunk of bounded(await stream(url, maxBytes), maxBytes)) writeWhole(descriptor, chunk);
      } finally {
        closeSync(descriptor);
      }
      try {
        return await handler(file);
      } finally {
        rmSync(file, { force: true });
      }
    },
  };
}

/** Whatever the source promises of its bounds: this one is counted here. */
async function* bounded(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) throw new DownloadLengthMismatchError(`it is longer than ${maxBytes} bytes`);
    yield chunk;
  }
}

function writeWhole(descriptor: number, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.length;) at += writeSync(descriptor, chunk, at);
}

/** @throws Error for what is none of a repository's files, so that no name in metadata leads out of it */
function pathOf(url: string): string {
  const path = url.startsWith(repositoryBase) ? url.slice(repositoryBase.length) : "";
  if (/^(?:metadata|targets)\/[A-Za-z0-9][A-Za-z0-9._-]*$/.test(path)) return path;
  throw new Error(`\`${url}\` is none of a repository's files`);
}
