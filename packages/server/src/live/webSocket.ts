import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { Sink } from "./sink.ts";

const lastWordsMs = 5000;
/** What is longer goes out as it is: the same bytes for all viewers, and no copy for each of a hundred. */
const longestCopied = 1024;
/** Nothing is listened to but the end. */
const largestMessage = 4096;

/** Makes WebSockets of requests that were let in. */
export class WebSockets {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false });

  accept(request: IncomingMessage, socket: Duplex, head: Buffer, onOpen: (sink: Sink) => void): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => onOpen(webSocketSink(webSocket, socket)));
  }
}

/** @param connection what is below it: a message goes out in one write */
function webSocketSink(socket: WebSocket, connection: Duplex): Sink {
  let isClosed = false;
  const close = (): void => void (isClosed = true);
  socket.once("close", close);
  // A message that is too long, or no protocol at all: the socket closes by itself.
  socket.on("error", close);
  return {
    send: (_cursor, parts) => {
      if (isClosed) return;
      const fragments = fragmentsOf(parts);
      connection.cork();
      for (const [index, fragment] of fragments.entries()) {
        socket.send(fragment, { binary: false, fin: index === fragments.length - 1 });
      }
      connection.uncork();
    },
    backlog: () => socket.bufferedAmount,
    end: () => {
      isClosed = true;
      socket.close(1001);
      setTimeout(() => socket.terminate(), lastWordsMs).unref();
    },
    get isClosed() {
      return isClosed;
    },
  };
}

/** One message in parts, none of them empty: what is short is put together. */
export function fragmentsOf(parts: readonly (string | Buffer)[]): readonly Buffer[] {
  const fragments: Buffer[] = [];
  let short: Buffer[] = [];
  const close = (): void => {
    if (short.length > 0) fragments.push(Buffer.concat(short));
    short = [];
  };
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part) : part;
    if (bytes.length <= longestCopied) {
      if (bytes.length > 0) short.push(bytes);
    } else {
      close();
      fragments.push(bytes);
    }
  }
  close();
  return fragments;
}
