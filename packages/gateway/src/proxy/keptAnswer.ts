import type { IncomingMessage, ServerResponse } from "node:http";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject } from "@claude-orchestrator/domain";
import { endToEnd } from "./headers.ts";
import { unpack } from "./requestBody.ts";

/** A refusal of the API, kept whole: to be read, and to be passed on as it was if nothing better comes. */
export interface KeptAnswer {
  /** What its body says, where it is an object. */
  readonly json: JsonObject | undefined;
  passTo(response: ServerResponse): void;
}

const longestKept = 256 * 1024;

/** Undefined where it breaks off, or is longer than any refusal. */
export async function keepAnswer(answer: IncomingMessage): Promise<KeptAnswer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).byteLength;
      if (bytes > longestKept) return undefined;
    }
  } catch {
    return undefined;
  }
  if (!answer.complete) return undefined;
  const body = Buffer.concat(chunks);
  const { statusCode = 502, statusMessage, rawHeaders } = answer;
  return {
    json: objectOf(await unpack(body, answer.headers["content-encoding"])),
    passTo: (response) => {
      if (response.headersSent || response.destroyed) return;
      response.writeHead(statusCode, statusMessage, endToEnd(rawHeaders));
      response.end(body);
    },
  };
}

function objectOf(text: Buffer | undefined): JsonObject | undefined {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text.toString("utf8"));
    // Google's streams wrap it in a list.
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return isJsonObject(first) ? first : undefined;
  } catch {
    return undefined;
  }
}
