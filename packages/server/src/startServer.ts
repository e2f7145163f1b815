import { createServer as createHttpServer, STATUS_CODES } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import { problemType, routes } from "@claude-orchestrator/protocol";
import { AccessBook } from "./access/accessBook.ts";
import { AttemptGate } from "./access/attemptGate.ts";
import { buildApp, letInUpgrade } from "./app.ts";
import { openAudit } from "./audit.ts";
import type { Fleet } from "./fleet.ts";
import { createHandlers, positionsOf } from "./handlers.ts";
import type { Doors } from "./http/doors.ts";
import { doorsOf } from "./http/doors.ts";
import { admit, comesFromOurPage, remoteAddress } from "./http/guard.ts";
import { problemOf } from "./http/problemOf.ts";
import { Refusal } from "./http/refusal.ts";
import { securityHeaders } from "./http/securityHeaders.ts";
import { LiveHub } from "./live/liveHub.ts";
import { RunList } from "./live/runList.ts";
import { WebSockets } from "./live/webSocket.ts";
import { LogDesk } from "./logs/logRoutes.ts";
import { readPageFiles } from "./page/pageFiles.ts";
import { proveSignIn } from "./proveSignIn.ts";

/** A request is whole within these, in ms and bytes, or its connection ends; an answer may take as long as it takes. */
const bounds = { headersTimeout: 15_000, requestTimeout: 30_000, maxHeaderSize: 16_384 } as const;
const mostHeaders = 100;
/** More at once are closed unheard. */
const mostConnections = 2000;

/** Requests under way have so long for their end. */
const longestDrainMs = 10_000;

export interface ServerOptions {
  readonly fleet: Fleet;
  /** An address of this machine. What may be bound to is the caller's to decide (`bindProblem`). */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly basePath: string;
  readonly publicUrl?: URL | undefined;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly trustedProxies: readonly string[];
  /** True: only proxies and this machine may connect. */
  readonly proxiesOnly: boolean;
  /** Where secrets' hashes and the audit are kept. */
  readonly accessFolder: string;
  /** Of the built page. */
  readonly pageFolder: string;
  readonly onTrouble: (error: unknown) => void;
}

export interface RunningServer {
  /** Where a browser of this machine reaches it, with the base path and a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** A link that signs one browser in, once. */
  signInLink(): string;
  /** Tells the streams, finishes the requests under way, and ends. */
  drain(): Promise<void>;
}

/**
 * Listens. By then it is proven that nobody is answered without being signed in.
 *
 * @throws Error where the port is taken, or that proof fails
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { fleet, onTrouble, basePath } = options;
  const book = new AccessBook(options.accessFolder, () => Date.now());
  const list = new RunList(fleet.runsFolder, (run, before) => fleet.summaryOf(run, before));
  const hub = new LiveHub({ runsFolder: fleet.runsFolder, version: fleet.version, list, onTrouble });
  const logs = new LogDesk(fleet);
  const state = { isDraining: false, doors: undefined as Doors | undefined, port: options.port };
  const doors = (): Doors => {
    if (state.doors === undefined) throw new Refusal(503, "draining", "The server has only just begun");
    return state.doors;
  };
  const port = (): number => state.port;
  const gate = new AttemptGate(() => performance.now());
  const rules = () => ({ book, gate, doors: doors(), port: state.port });
  const onWrongCode = (request: IncomingMessage): void => gate.failed(remoteAddress(request, doors()));
  const isDraining = (): boolean => state.isDraining;
  const files = readPageFiles(options.pageFolder, basePath);
  const app = buildApp({
    handlers: createHandlers({ fleet, book, rules, hub, list, logs, port, isDraining }),
    page: { book, basePath, version: fleet.version, files, port, onWrongCode },
    rules,
    audit: openAudit(join(options.accessFolder, "audit.jsonl"), () => Date.now()),
    isDraining,
    onTrouble,
    serverFactory: (handler) => guardedServer(options, doors, handler),
  });
  const webSockets = new WebSockets();
  app.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    try {
      request.url = admit(request, doors());
      refuseForeignUpgrade(request, doors());
      const principal = letInUpgrade(request, rules());
      const wish = upgradeWish(request);
      hub.refuseMore(principal);
      webSockets.accept(request, socket, head, (sink) => hub.open(sink, principal, wish));
    } catch (error) {
      refuseUpgrade(error, socket);
    }
  });
  await app.listen({ host: options.host, port: options.port });
  state.port = (app.server.address() as AddressInfo).port;
  state.doors = doorsOf({ ...options, port: state.port, isTls: options.tls !== undefined });
  const origin = `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${state.port}`;
  const drain = async (): Promise<void> => {
    state.isDraining = true;
    logs.close();
    hub.drain();
    await closeConnections(app);
  };
  const why = await proveSignIn({ origin, host: options.host });
  if (why !== undefined) {
    await drain();
    throw new Error(why);
  }
  const url = `${options.publicUrl?.origin ?? origin}${basePath}/`;
  return { url, port: state.port, signInLink: () => `${url}sign-in/${book.createCode()}`, drain };
}

/** A connection that is kept alive has nothing to say any more: it is closed as soon as its last answer is out. */
async function closeConnections(app: FastifyInstance): Promise<void> {
  const started = performance.now();
  const closer = setInterval(() => {
    if (performance.now() - started > longestDrainMs) app.server.closeAllConnections();
    else app.server.closeIdleConnections();
  }, 50);
  await app.close();
  clearInterval(closer);
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Nothing is routed that did not come by our own name, from our own page, by a path with one meaning. */
function guardedServer({ tls }: ServerOptions, doors: () => Doors, handler: Handler): Server {
  const guarded: Handler = (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    try {
      request.url = admit(request, doors());
    } catch (error) {
      const problem = problemOf(error);
      response.writeHead(problem.status, { "content-type": problemType, connection: "close" });
      response.end(JSON.stringify(problem));
      return;
    }
    handler(request, response);
  };
  const server =
    tls === undefined
      ? createHttpServer(bounds, guarded)
      : createTlsServer({ ...bounds, ...tls, minVersion: "TLSv1.2" }, guarded);
  server.maxConnections = mostConnections;
  server.maxHeadersCount = mostHeaders;
  return server;
}

/** No rule of browsers keeps another site's page from opening a WebSocket: it is refused here. @throws Refusal */
function refuseForeignUpgrade({ headers }: IncomingMessage, doors: Doors): void {
  if (headers.cookie === undefined || comesFromOurPage({ headers, method: "CONNECT" }, doors)) return;
  throw new Refusal(403, "wrong-origin", "A browser must say that this comes from our own page");
}

/** What a WebSocket is to be told. @throws Refusal */
function upgradeWish(request: IncomingMessage): Parameters<LiveHub["open"]>[2] {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
  if (pathname !== routes.openLive.path) {
    throw new Refusal(404, "not-found", "There is nothing to listen to at this address");
  }
  const query = routes.openLive.query.safeParse(Object.fromEntries(searchParams));
  if (!query.success) throw new Refusal(400, "invalid-request", "That is no such wish");
  return { list: query.data.list, after: positionsOf(query.data, request) };
}

function refuseUpgrade(error: unknown, socket: Duplex): void {
  const { status } = problemOf(error);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
