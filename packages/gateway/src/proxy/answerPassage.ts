import type { IncomingMessage, ServerResponse } from "node:http";
import { AnswerMeter } from "../usage/answerMeter.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { endToEnd } from "./headers.ts";

/** How an answer came through: to its last byte, or not. */
export type Passage = "whole" | "cut";

export function meterFor(answer: IncomingMessage, dialect: Dialect): AnswerMeter {
  const { "content-type": contentType, "content-encoding": contentEncoding } = answer.headers;
  return new AnswerMeter(dialect, { contentType, contentEncoding });
}

/**
 * Passes an answer on as it comes, byte for byte, no faster than the agent reads it. Where the API's side breaks off, so does
 * ours: half an answer must not look like a whole one. Never rejects.
 */
export async function passAnswer(
  answer: IncomingMessage,
  response: ServerResponse,
  meter: AnswerMeter | undefined,
): Promise<Passage> {
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
  response.flushHeaders();
  try {
    for await (const chunk of answer) {
      const bytes = chunk as Buffer;
      if (response.destroyed) return "cut";
      const hasRoom = response.write(bytes);
      await meter?.take(bytes);
      if (!hasRoom) await drained(response);
    }
  } catch {
    response.destroy();
    return "cut";
  }
  if (!answer.complete) {
    response.destroy();
    return "cut";
  }
  // Heard to its end before the agent is told that it is over: what it does next is decided on what this cost.
  await meter?.end();
  return "whole";
}

/** Settles when there is room again, or nobody reads any more. */
export function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}
