import * as http from "node:http";
import * as https from "node:https";
import { rootCertificates } from "node:tls";
import { UserError } from "@claude-orchestrator/domain";
import type { ModelVendor } from "@claude-orchestrator/engine/ports";
import { forUpstream } from "./headers.ts";
import type { RawHeaders } from "./headers.ts";

export interface UpstreamOptions {
  readonly vendor: ModelVendor;
  /** Of the API, or of a gateway that stands before it: what it has as a path stays. */
  readonly url: string;
  readonly key: string;
  /** bearer: the key goes into `authorization`, whatever the vendor's own way is. */
  readonly scheme: "own" | "bearer";
  /** Certificates trusted beside the usual ones, in PEM form. */
  readonly ca?: string;
  /** HTTP_PROXY, HTTPS_PROXY and NO_PROXY are looked for here. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One API with its key, and the connections to it, kept open from request to request. */
export interface Upstream {
  readonly vendor: ModelVendor;
  /** Where it is, for a person: without a path, and without a password. */
  readonly origin: string;
  /** Sends the head of a request; its body follows into what this gives. */
  request(head: {
    readonly method: string;
    /** With its query. */
    readonly path: string;
    readonly headers: RawHeaders;
  }): http.ClientRequest;
  close(): void;
}

const ownHeader: Readonly<Record<ModelVendor, (key: string) => readonly [string, string]>> = {
  anthropic: (key) => ["x-api-key", key],
  openai: (key) => ["authorization", `Bearer ${key}`],
  google: (key) => ["x-goog-api-key", key],
};

export function createUpstream(options: UpstreamOptions): Upstream {
  const { vendor, key, scheme, env } = options;
  const url = parseUpstreamUrl(options.url, vendor);
  const isSecure = url.protocol === "https:";
  // Nagle's delay and a cold connection are what a proxy would be felt by.
  const common = { keepAlive: true, noDelay: true, proxyEnv: proxyOf(env) };
  const ca = options.ca === undefined ? {} : { ca: [...rootCertificates, options.ca] };
  const agent = isSecure ? new https.Agent({ ...common, ...ca }) : new http.Agent(common);
  const credential = scheme === "bearer" ? ownHeader.openai(key) : ownHeader[vendor](key);
  const base = url.pathname.replace(/\/+$/, "");
  return {
    vendor,
    origin: url.origin,
    request: ({ method, path, headers }) =>
      (isSecure ? https : http).request({
        agent,
        host: url.hostname.replace(/^\[|\]$/g, ""),
        ...(url.port === "" ? {} : { port: Number(url.port) }),
        method,
        path: `${base}${path}`,
        headers: forUpstream(headers, url.host, credential),
      }),
    close: () => agent.destroy(),
  };
}

/** @throws UserError gateway-upstream where the address is none of an API */
export function parseUpstreamUrl(text: string, vendor: ModelVendor): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new UserError("gateway-upstream", `\`${text}\` is no address of an API (${vendor})`, {
    hint: "write it with http:// or https://, such as https://gateway.example.com/anthropic",
  });
}

function proxyOf(env: Readonly<Record<string, string | undefined>>) {
  const pick = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
  return { HTTP_PROXY: pick("HTTP_PROXY"), HTTPS_PROXY: pick("HTTPS_PROXY"), NO_PROXY: pick("NO_PROXY") };
}
