import { Agent as HttpAgent, request as httpRequest } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import type { OutboundPost } from "./postOutbound.ts";
import type { DialAddress } from "./resolveTarget.ts";

/** Sends to one of the addresses and gives the head of the answer. Of `postOutbound` alone, which has judged them. */
export function sendPost(
  { url, headers, body }: OutboundPost,
  addresses: readonly DialAddress[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const isSecure = url.protocol === "https:";
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": String(bytes.length), connection: "close" },
    lookup: lookupOf(addresses),
    // An agent of our own has no proxy, whatever the environment says.
    agent: isSecure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false }),
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = isSecure ? httpsRequest(url, options, resolve) : httpRequest(url, options, resolve);
    request.on("error", reject);
    request.end(bytes);
  });
}

/** Gives what was judged, whatever it is asked for. */
function lookupOf(addresses: readonly DialAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family ?? 4);
  };
}
