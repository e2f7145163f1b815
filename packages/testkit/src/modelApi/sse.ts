import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Frame } from "./dialect.ts";
import type { Pace } from "./step.ts";

export interface StreamOptions {
  readonly pace?: Pace;
  /** Multiplies every pause. */
  readonly speed: number;
  /** The socket is destroyed after this many pieces. */
  readonly cutAfter?: number;
  /** Told just before the socket is destroyed. */
  readonly onCut: () => void;
  readonly lineEnd: "\n" | "\r\n";
  /** Aborted when the client has gone or the server closes. */
  readonly signal: AbortSignal;
}

/** One server-sent event as bytes on the wire. */
export function sseText(frame: Frame, lineEnd: "\n" | "\r\n"): string {
  const data = frame.data === "[DONE]" ? "[DONE]" : JSON.stringify(frame.data);
  const event = frame.event === undefined ? "" : `event: ${frame.event}${lineEnd}`;
  return `${event}data: ${data}${lineEnd}${lineEnd}`;
}

/** Writes the frames with their pauses. "cut": the socket was destroyed half way, as asked. Rejects when aborted. */
export async function writeFrames(
  response: ServerResponse,
  frames: readonly Frame[],
  options: StreamOptions,
): Promise<"streamed" | "cut"> {
  const pauseMs = (options.pace?.pieceMs ?? 0) * options.speed;
  let pieces = 0;
  for (const frame of frames) {
    options.signal.throwIfAborted();
    response.write(sseText(frame, options.lineEnd));
    if (frame.piece !== true) continue;
    pieces += 1;
    if (pauseMs > 0) await wait(pauseMs, undefined, { signal: options.signal });
    if (options.cutAfter !== undefined && pieces >= options.cutAfter) {
      await cut(response, options.onCut);
      return "cut";
    }
  }
  response.end();
  return "streamed";
}

/** What was written reaches the client first: a cut stream is one that began. */
async function cut(response: ServerResponse, onCut: () => void): Promise<void> {
  await new Promise<void>((resolve) => {
    response.write("", () => resolve());
  });
  onCut();
  response.destroy();
}
