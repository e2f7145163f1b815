import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { dial } from "./dial.ts";
import type { DialAddress } from "./resolveTarget.ts";

/** Asks one of the addresses and gives the head of the answer. Of `getOutbound` alone, which has judged them. */
export function sendGet(url: URL, addresses: readonly DialAddress[], signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const ask = url.protocol === "https:" ? httpsRequest : httpRequest;
    const headers = { accept: "*/*", "accept-encoding": "identity", connection: "close" };
    const request = ask(url, { method: "GET", headers, ...dial(url, addresses), signal }, resolve);
    request.on("error", reject);
    request.end();
  });
}
