import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";

/** Bodies up to this are read before they are sent; what is longer passes through, at the worst a request can cost. */
const readBytes = 8 * 1024 * 1024;

/** A packed body is read up to this length. */
const unpackedBytes = 64 * 1024 * 1024;

export interface RequestBody {
  /** The first bytes, or all of them. */
  readonly start: readonly Buffer[];
  /** False: the rest is still to come from the request. */
  readonly isWhole: boolean;
  /** False: it is too long, or packed so that it cannot be unpacked here. What it asks for, and how much, is not known. */
  readonly isRead: boolean;
  /** What it says; undefined where it is not read, or no JSON object. Of a name given twice the last counts. */
  readonly json: JsonObject | undefined;
  /** Its length in bytes: unpacked where it is read, else as far as it has come. */
  readonly bytes: number;
}

/** Reads as much of a request's body as is needed to know what it asks for. Rejects where the agent goes away meanwhile. */
export async function readStart(request: IncomingMessage, encoding: string | undefined): Promise<RequestBody> {
  const start: Buffer[] = [];
  let bytes = 0;
  // Not `for await`: leaving that would end the request, of which the rest is still wanted.
  const reader = request.iterator({ destroyOnReturn: false });
  for (let next = await reader.next(); next.done !== true; next = await reader.next()) {
    const chunk = next.value as Buffer;
    start.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > readBytes) {
      await reader.return?.();
      return { start, isWhole: false, isRead: false, json: undefined, bytes };
    }
  }
  if (!request.complete) throw new Error("the agent went away while it was still asking");
  const text = await unpack(Buffer.concat(start), encoding);
  if (text === undefined) return { start, isWhole: true, isRead: false, json: undefined, bytes };
  return { start, isWhole: true, isRead: true, json: parse(text), bytes: text.byteLength };
}

/** Undefined where it cannot be, or would be longer than is read. */
export async function unpack(body: Buffer, encoding: string | undefined): Promise<Buffer | undefined> {
  const packing = (encoding ?? "identity").trim().toLowerCase();
  if (packing === "identity" || packing === "") return body;
  try {
    return await unpackers.get(packing)?.(body, { maxOutputLength: unpackedBytes });
  } catch {
    return undefined;
  }
}

type Unpack = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const unpackers: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
  ["br", promisify(brotliDecompress)],
  ["zstd", promisify(zstdDecompress)],
]);

function parse(text: Buffer): JsonObject | undefined {
  try {
    const value = JSON.parse(text.toString("utf8")) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
