import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ModelVendor } from "@claude-orchestrator/engine/ports";
import { tokensIn, valueOf } from "../proxy/headers.ts";
import type { UpstreamOptions } from "../proxy/upstream.ts";

/** Stands where the model APIs would: the gateway asks it instead of them. */
export interface Deck {
  readonly upstreams: readonly UpstreamOptions[];
  /** Said before an instance asks: where it works. */
  introduce(instance: string, cwd: string): void;
  close(): Promise<void>;
}

/** One request at the deck. */
export interface DeckRequest {
  readonly vendor: ModelVendor;
  readonly instance: string;
  readonly method: string;
  /** At the vendor, without the query. */
  readonly path: string;
  /** With its `?`, or empty. */
  readonly query: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The gateway says by it whose request one is. */
export const instanceHeader = "x-claude-orchestrator-instance";

interface DeckServer {
  readonly upstreams: readonly UpstreamOptions[];
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 for the gateway of this very process, which shows a key that nobody else has. */
export async function listenForGateway(
  vendors: readonly ModelVendor[],
  answer: (asked: DeckRequest) => Promise<void>,
): Promise<DeckServer> {
  const key = randomBytes(32).toString("base64url");
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 75_000 }, (request, response) => {
    const asked = read(request, response, key);
    if (asked === undefined) response.writeHead(403).end();
    // A bug of ours ends the one connection it happened on.
    else answer(asked).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    upstreams: vendors.map((vendor) => ({ vendor, url: `${url}/${vendor}`, key, scheme: "bearer", env: {} })),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function read(request: IncomingMessage, response: ServerResponse, key: string): DeckRequest | undefined {
  const { method = "GET", url = "/", rawHeaders } = request;
  const [, vendor, path, query = ""] = /^\/(anthropic|openai|google)(\/[^?]*)(\?.*)?$/s.exec(url) ?? [];
  const instance = valueOf(rawHeaders, instanceHeader);
  if (!tokensIn(rawHeaders).includes(key) || vendor === undefined || path === undefined || instance === undefined) {
    return undefined;
  }
  return {
    vendor: vendor as ModelVendor,
    instance: decodeURIComponent(instance),
    method,
    path,
    query,
    request,
    response,
  };
}
