import { request as httpRequest } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { dial } from "./dial.ts";
import type { OutboundPost } from "./postOutbound.ts";
import type { DialAddress } from "./resolveTarget.ts";

/** Sends to one of the addresses and gives the head of the answer. Of `postOutbound` alone, which has judged them. */
export function sendPost(
  { url, headers, body }: OutboundPost,
  addresses: readonly DialAddress[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": String(bytes.length), connection: "close" },
    ...dial(url, addresses),
    signal,
  };
  return new Promise((resolve, reject) => {
    const ask = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = ask(url, options, resolve);
    request.on("error", reject);
    request.end(bytes);
  });
}
