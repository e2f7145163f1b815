import { Agent as HttpAgent } from "node:http";
import type { RequestOptions } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { LookupFunction } from "node:net";
import type { DialAddress } from "./resolveTarget.ts";

/** What makes a request go to addresses that were judged, and nowhere else. */
export function dial(url: URL, addresses: readonly DialAddress[]): RequestOptions {
  const isSecure = url.protocol === "https:";
  return {
    lookup: lookupOf(addresses),
    // An agent of our own has no proxy, whatever the environment says.
    agent: isSecure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false }),
  };
}

/** Gives what was judged, whatever it is asked for. */
function lookupOf(addresses: readonly DialAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family ?? 4);
  };
}
