import type { ServerResponse } from "node:http";
import type { Sink } from "./sink.ts";

/** How long a reader who was told its last words has for taking them. */
const lastWordsMs = 15_000;

/** One answer as server-sent events. Its head is written at once, so that the browser knows that it listens. */
export function eventStreamSink(response: ServerResponse): Sink {
  response.writeHead(200, { "content-type": "text/event-stream", "x-accel-buffering": "no" });
  response.flushHeaders();
  let isClosed = false;
  response.once("close", () => (isClosed = true));
  return {
    send: (cursor, parts) => {
      if (isClosed) return;
      response.cork();
      response.write(`id: ${cursor}\ndata: `);
      for (const part of parts) response.write(part);
      response.write("\n\n");
      response.uncork();
    },
    backlog: () => response.writableLength,
    end: () => {
      isClosed = true;
      response.end();
      setTimeout(() => response.destroy(), lastWordsMs).unref();
    },
    get isClosed() {
      return isClosed;
    },
  };
}
