import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { authorities } from "./authorities.ts";
import { dial } from "./dial.ts";
import { goByProxy } from "./goByProxy.ts";
import type { Asking } from "./goByProxy.ts";
import type { Proxy } from "./proxyOf.ts";
import type { DialAddress } from "./resolveTarget.ts";
import { refusedByProxy, whyUnreached } from "./whyUnreached.ts";

/** Addresses that were judged, or a proxy that a person has named and that dials whom it likes. */
export type Way = readonly DialAddress[] | Proxy;

/** Asks by that way and gives the head of the answer. Of `getOutbound` alone, which has judged it. */
export async function sendGet(url: URL, way: Way, signal: AbortSignal): Promise<IncomingMessage> {
  const proxy = "name" in way ? way : undefined;
  try {
    const asking = "name" in way ? await goByProxy(url, way, signal) : straight(url, way);
    const response = await answerTo(asking, signal);
    if (proxy === undefined || response.statusCode !== 407) return response;
    response.destroy();
    throw refusedByProxy(407, url.host, proxy);
  } catch (error) {
    throw whyUnreached(error, url.host, proxy);
  }
}

function straight(url: URL, addresses: readonly DialAddress[]): Asking {
  const certificates = url.protocol === "https:" ? { ca: authorities() } : {};
  return { to: url, options: { ...dial(url, addresses), ...certificates }, headers: {} };
}

function answerTo({ to, options, headers }: Asking, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const ask = to.protocol === "https:" ? httpsRequest : httpRequest;
    const own = { accept: "*/*", "accept-encoding": "identity", connection: "close" };
    const request = ask(to, { ...options, method: "GET", headers: { ...own, ...headers }, signal }, resolve);
    request.on("error", reject);
    request.end();
  });
}
