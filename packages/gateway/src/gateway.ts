import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ModelGateway, ModelVendor } from "@claude-orchestrator/engine/ports";
import { insertCassette } from "./cassette/insertCassette.ts";
import type { CassetteOptions, CassetteRoom } from "./cassette/insertCassette.ts";
import { instanceHeader } from "./cassette/deckServer.ts";
import { routeOf, vendorOf } from "./dialects/route.ts";
import { InputEstimate } from "./estimate/inputEstimate.ts";
import { Crossing } from "./light/crossing.ts";
import { TrafficLight } from "./light/trafficLight.ts";
import { ToldWindows } from "./light/usageWindows.ts";
import { Exchange } from "./proxy/exchange.ts";
import { tokensIn } from "./proxy/headers.ts";
import { lookUp } from "./proxy/lookup.ts";
import { sendNoPass, sendNoWebSocket, sendUnknown } from "./proxy/ownAnswers.ts";
import { PassBook } from "./proxy/passBook.ts";
import type { OpenPass } from "./proxy/passBook.ts";
import { createUpstream } from "./proxy/upstream.ts";
import type { Upstream, UpstreamOptions } from "./proxy/upstream.ts";
import { WaitingRoom } from "./proxy/waitingRoom.ts";

export interface GatewayOptions {
  readonly upstreams: readonly UpstreamOptions[];
  /** True: what has no known price is let through and counts nothing in dollars. */
  readonly allowUnpriced: boolean;
  /** The port an earlier supervisor's agents know; where it is taken, and without it, any free one. */
  readonly port?: number;
  /** How long a request waits for its API and for room in a budget at most; every agent waits longer than that. Default 4 minutes. */
  readonly longestWaitMs?: number;
  /** Requests at one API at once, however many it bears. Default: as many as it bears. */
  readonly maxConcurrentRequests?: number;
  /** Records what is asked and answered, or answers in the place of the upstreams. */
  readonly cassette?: CassetteOptions;
  readonly cassetteRoom?: CassetteRoom;
}

export interface Gateway extends ModelGateway {
  readonly url: string;
  readonly port: number;
  /** Ends everything that is under way, each settled. */
  close(): Promise<void>;
}

const defaultWaitMs = 4 * 60_000;

/**
 * Listens on 127.0.0.1 for the agents of one run, and for nobody else. What it forwards passes byte for byte but for the key;
 * what it does not know it refuses.
 *
 * @throws UserError gateway-upstream, cassette-not-usable
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { cassette, cassetteRoom } = options;
  const deck = cassette === undefined ? undefined : await insertCassette(cassette, options.upstreams, cassetteRoom);
  const asked = deck?.upstreams ?? options.upstreams;
  const upstreams = new Map(asked.map((each) => [each.vendor, createUpstream(each)] as const));
  const passes = new PassBook();
  const waiting = new WaitingRoom();
  const estimate = new InputEstimate();
  const { allowUnpriced, longestWaitMs = defaultWaitMs } = options;
  const crossings = new Map(options.upstreams.map(({ vendor }) => [vendor, crossingOf(waiting, options)] as const));
  const common = { estimate, waiting, longestWaitMs, allowUnpriced, windows: new ToldWindows() };
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 75_000 }, (request, response) => {
    // A bug of ours ends the one connection it happened on; the request has settled by then.
    answer({ passes, upstreams, crossings, common, namesInstance: deck !== undefined }, request, response).catch(() =>
      response.destroy(),
    );
  });
  const port = await listen(server, options.port);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    keys: keysOf(options),
    open: (vendor, tokenHash, asking) => {
      if (!upstreams.has(vendor)) return undefined;
      if (asking !== undefined) deck?.introduce(asking.instance, asking.cwd);
      return passes.open(vendor, url, tokenHash, asking);
    },
    close: async () => {
      passes.closeAll();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      for (const upstream of upstreams.values()) upstream.close();
      await closed;
      await deck?.close();
    },
  };
}

/** By the names that a cassette has for them; a replay has none. */
function keysOf({ upstreams, cassette }: GatewayOptions): Readonly<Record<string, string>> {
  if (cassette?.kind === "replay") return {};
  return Object.fromEntries(upstreams.map(({ vendor, key }) => [`${vendor.toUpperCase()}_KEY`, key]));
}

/** One light for each credential. */
function crossingOf(waiting: WaitingRoom, { maxConcurrentRequests }: GatewayOptions): Crossing {
  return new Crossing(waiting, new TrafficLight(Math.random, maxConcurrentRequests));
}

interface Parts {
  readonly passes: PassBook;
  readonly upstreams: ReadonlyMap<ModelVendor, Upstream>;
  readonly crossings: ReadonlyMap<ModelVendor, Crossing>;
  /** True: a request says whose it is. */
  readonly namesInstance: boolean;
  readonly common: {
    readonly estimate: InputEstimate;
    readonly waiting: WaitingRoom;
    readonly longestWaitMs: number;
    readonly allowUnpriced: boolean;
    readonly windows: ToldWindows;
  };
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse) {
  const { passes, common } = parts;
  const { method = "GET", url = "/", rawHeaders, headers } = request;
  const [address = "/", query] = url.split(/\?(.*)/s);
  const place = vendorOf(address);
  const shown = withoutKey(query);
  const tokens = [...tokensIn(rawHeaders), ...shown.keys];
  const pass = tokens.map((token) => passes.find(token)).find((found) => found !== undefined);
  const way = place === undefined ? undefined : wayTo(place.vendor, parts);
  if (place === undefined || pass?.vendor !== place.vendor || way === undefined) {
    sendNoPass(response);
    return;
  }
  const upstream = parts.namesInstance ? naming(way.upstream, pass) : way.upstream;
  const route = routeOf(place.vendor, method, place.path, headers.upgrade);
  switch (route.kind) {
    case "websocket":
      sendNoWebSocket(response);
      return;
    case "unknown":
      sendUnknown(response, method, place.path);
      return;
    case "free":
      await lookUp({ pass, upstream, path: `${route.path}${shown.query}` }, request, response);
      return;
    case "asks":
      await new Exchange({ ...common, pass, upstream, crossing: way.crossing }, route, shown.query, {
        request,
        response,
      }).run();
  }
}

/** Undefined where no key is known for that vendor. */
function wayTo(vendor: ModelVendor, { upstreams, crossings }: Parts) {
  const upstream = upstreams.get(vendor);
  const crossing = crossings.get(vendor);
  return upstream === undefined || crossing === undefined ? undefined : { upstream, crossing };
}

function naming(upstream: Upstream, { asking }: OpenPass): Upstream {
  const name = encodeURIComponent(asking.instance);
  return {
    ...upstream,
    request: ({ headers, ...head }) => upstream.request({ ...head, headers: [...headers, instanceHeader, name] }),
  };
}

/** Google's clients may show their key in the query: it is ours, and goes no further. */
function withoutKey(query: string | undefined): { readonly query: string; readonly keys: readonly string[] } {
  if (query === undefined || query === "") return { query: "", keys: [] };
  const parts = query.split("&");
  const keys = parts.filter((part) => part.startsWith("key=")).map((part) => part.slice(4));
  const kept = parts.filter((part) => !part.startsWith("key=")).join("&");
  return { query: kept === "" ? "" : `?${kept}`, keys };
}

async function listen(server: Server, wanted: number | undefined): Promise<number> {
  const at = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  await at(wanted ?? 0).catch(() => at(0));
  return (server.address() as AddressInfo).port;
}
