import { Agent as HttpAgent, request as httpRequest } from "node:http";
import type { RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Duplex } from "node:stream";
import { authorities } from "./authorities.ts";
import type { Proxy } from "./proxyOf.ts";
import { refusedByProxy } from "./whyUnreached.ts";

/** Who is spoken to, and how. */
export interface Asking {
  readonly to: URL;
  readonly options: RequestOptions;
  readonly headers: Readonly<Record<string, string>>;
}

/*
 * Written out with Node's requests: its agents that know of proxies cannot be stopped while a proxy keeps them waiting for a tunnel,
 * and the deadline of a request has to hold then too.
 */

/** A proxy is asked for a plain address as a whole; to a secure one it gives a tunnel, and sees nothing of what goes through. */
export async function goByProxy(url: URL, proxy: Proxy, signal: AbortSignal): Promise<Asking> {
  if (url.protocol !== "https:") {
    const headers = { host: url.host, ...authorization(proxy) };
    return { to: withoutPassword(proxy.address), options: { ...toProxy(proxy), path: url.href }, headers };
  }
  const socket = await tunnelTo(url, proxy, signal);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const name = isIP(host) === 0 ? { servername: host } : {};
  return {
    to: url,
    options: { createConnection: () => connectTls({ socket, host, ...name, ca: authorities() }) },
    headers: {},
  };
}

function tunnelTo(url: URL, proxy: Proxy, signal: AbortSignal): Promise<Duplex> {
  const path = `${url.hostname}:${url.port === "" ? "443" : url.port}`;
  const ask = proxy.address.protocol === "https:" ? httpsRequest : httpRequest;
  const headers = { host: path, ...authorization(proxy) };
  const options = { ...toProxy(proxy), method: "CONNECT", path, headers, signal };
  return new Promise((resolve, reject) => {
    const request = ask(withoutPassword(proxy.address), options);
    const refuse = (status: number): void => reject(refusedByProxy(status, url.host, proxy));
    request.on("connect", ({ statusCode = 0 }, socket, head) => {
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      refuse(statusCode);
    });
    // A server that knows no tunnels answers as to any other method.
    request.on("response", (response) => {
      response.destroy();
      refuse(response.statusCode ?? 0);
    });
    request.on("error", reject);
    request.end();
  });
}

/** An agent of our own goes by no further proxy, whatever the environment says. */
function toProxy({ address }: Proxy): RequestOptions {
  return address.protocol === "https:"
    ? { agent: new HttpsAgent({ keepAlive: false, ca: authorities() }) }
    : { agent: new HttpAgent({ keepAlive: false }) };
}

function authorization({ address }: Proxy): Readonly<Record<string, string>> {
  const { username, password } = address;
  if (username === "" && password === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

/** Node would make a header of these that the source behind the proxy could come to see. */
function withoutPassword(address: URL): URL {
  return new URL(`${address.protocol}//${address.host}/`);
}
