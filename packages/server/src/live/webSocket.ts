import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { Sink } from "./sink.ts";

const lastWordsMs = 5000;
/** Nothing is listened to but the end. */
const largestMessage = 4096;

/** Makes WebSockets of requests that were let in. */
export class WebSockets {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false });

  accept(request: IncomingMessage, socket: Duplex, head: Buffer, onOpen: (sink: Sink) => void): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => onOpen(webSocketSink(webSocket)));
  }
}

function webSocketSink(socket: WebSocket): Sink {
  let isClosed = false;
  const close = (): void => void (isClosed = true);
  socket.once("close", close);
  // A message that is too long, or no protocol at all: the socket closes by itself.
  socket.on("error", close);
  return {
    send: (_cursor, parts) => {
      if (!isClosed) socket.send(Buffer.concat(parts.map((part) => Buffer.from(part))), { binary: false });
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
