import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import type { FastifyReply } from "fastify";
import type { OutputFile } from "../fleet.ts";
import { downloadPolicy } from "../http/securityHeaders.ts";
import { Refusal } from "../http/refusal.ts";

interface Download {
  readonly request: IncomingMessage;
  readonly reply: FastifyReply;
  readonly name: string;
}

/** Raw output as a file to keep: never shown by a browser, whatever is in it. One range of bytes may be asked for. */
export async function sendOutput(file: OutputFile, { request, reply, name }: Download): Promise<void> {
  const size = (await stat(file.path).catch(() => undefined))?.size;
  if (size === undefined) throw new Refusal(404, "not-found", "There is no such output (any more)");
  const range = rangeOf(request.headers.range, size);
  reply.headers({
    "content-security-policy": downloadPolicy,
    "content-disposition": `attachment; filename="${name.replaceAll(/[^\w.-]/g, "_")}"`,
    "accept-ranges": "bytes",
    "content-length": range.end - range.start,
    ...(range.isPart ? { "content-range": `bytes ${range.start}-${range.end - 1}/${size}` } : {}),
  });
  const hasBytes = range.end > range.start;
  const body = hasBytes ? createReadStream(file.path, { start: range.start, end: range.end - 1 }) : Buffer.alloc(0);
  await reply
    .code(range.isPart ? 206 : 200)
    .type("application/octet-stream")
    .send(body);
}

/** `end` is one past the last byte. @throws Refusal 416 for a range beyond the end */
function rangeOf(header: string | undefined, size: number): { start: number; end: number; isPart: boolean } {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return { start: 0, end: size, isPart: false };
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (start < end) return { start, end, isPart: true };
  throw new Refusal(416, "invalid-request", `There are ${size} bytes`);
}
