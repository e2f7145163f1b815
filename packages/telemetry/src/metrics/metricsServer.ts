import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "@claude-orchestrator/domain";
import { contentTypes, exposition, formatFor } from "./exposition.ts";
import type { MetricFamily } from "./metricFamily.ts";

/*
 * `GET /metrics` on 127.0.0.1, for whoever scrapes on this machine.
 *
 * 1. It answers only who calls it by a name of this machine: a web page that leads a browser here by a name of its own (DNS
 *    rebinding) is refused.
 * 2. It changes nothing and keeps nothing alive: neither the program nor the run waits for it.
 */

export interface MetricsServer {
  readonly port: number;
  /** What is told from now on; before, there is nothing. A source that throws costs one answer. */
  tell(source: () => readonly MetricFamily[]): void;
  close(): void;
}

/**
 * Listens at once, so that a port that is taken is known before anything begins. 0: any free one.
 *
 * @throws UserError telemetry-not-usable
 */
export async function startMetricsServer(port: number): Promise<MetricsServer> {
  let source = (): readonly MetricFamily[] => [];
  const server = createServer((request, response) => answer(request, response, () => source()));
  server.maxConnections = 32;
  server.requestTimeout = 10_000;
  await listen(server, port);
  server.unref();
  return {
    port: portOf(server),
    tell: (next) => {
      source = next;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    const why = code === "EADDRINUSE" ? "is taken by another program" : `cannot be listened at (${code})`;
    throw new UserError("telemetry-not-usable", `Port ${port} of 127.0.0.1, for metrics, ${why}`, {
      hint: "choose another one with `--metrics-port`, or `port` of `telemetry.prometheus` in the file",
      cause: error,
    });
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function answer(request: IncomingMessage, response: ServerResponse, source: () => readonly MetricFamily[]): void {
  const say = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): void => {
    response.writeHead(status, {
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
      ...headers,
    });
    response.end(request.method === "HEAD" ? undefined : text);
  };
  if (!isOwnName(request.headers.host)) return say(403, "Call it by 127.0.0.1 or localhost\n");
  if (request.method !== "GET" && request.method !== "HEAD") return say(405, "GET only\n", { allow: "GET, HEAD" });
  if (request.url?.split("?")[0] !== "/metrics") return say(404, "There is /metrics\n");
  try {
    const format = formatFor(request.headers.accept);
    say(200, exposition(source(), format), { "content-type": contentTypes[format], "cache-control": "no-store" });
  } catch {
    // The scraper asks again in a moment, and its `up` says so meanwhile.
    say(500, "Not now\n");
  }
}

function isOwnName(host: string | undefined): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i.test(host ?? "");
}
