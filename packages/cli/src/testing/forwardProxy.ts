import { createServer, request } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";

interface ProxyManners {
  /** `NAME:PASSWORD` that is asked for. */
  readonly credentials?: string;
  /** What it answers to everything instead of leading anywhere; 0: it never answers. */
  readonly status?: number;
}

/** A proxy on loopback that leads every name to one port of this machine, by CONNECT and by whole addresses. */
export interface ForwardProxy extends AsyncDisposable {
  readonly port: number;
  /** What was asked for: `CONNECT host:port`, `GET http://…`. */
  readonly asked: readonly string[];
  /** How many connections to it are open. */
  open(): number;
}

export async function startForwardProxy(port: number, manners: ProxyManners = {}): Promise<ForwardProxy> {
  const { credentials, status } = manners;
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`;
  const server = createServer((from, to) => {
    asked.push(`${from.method} ${from.url}`);
    if (status === 0) return;
    if (status !== undefined) return void to.writeHead(status).end();
    if (wanted !== undefined && from.headers["proxy-authorization"] !== wanted) return void to.writeHead(407).end();
    const { pathname } = new URL(from.url ?? "");
    request({ port, host: "127.0.0.1", path: pathname }, (answer) => {
      to.writeHead(answer.statusCode ?? 502);
      answer.pipe(to);
    }).end();
  });
  server.on("connection", (socket: Socket) => keep(sockets, socket));
  server.on("connect", (from, socket) => {
    asked.push(`CONNECT ${from.url}`);
    // Who reads nothing does not see the other end go.
    if (status === 0) return void socket.resume().once("end", () => socket.destroy());
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    if (wanted !== undefined && from.headers["proxy-authorization"] !== wanted) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    keep(sockets, onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function keep(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.on("error", () => socket.destroy()).once("close", () => sockets.delete(socket));
}
