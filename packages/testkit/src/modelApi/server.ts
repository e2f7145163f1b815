import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createGates } from "./gates.ts";
import { createRateLimiter, type RateLimit, type RateLimitCounts } from "./rateLimit.ts";
import { createRecorder, type RecordedRequest } from "./recorder.ts";
import type { ScenarioName } from "./scenarios/index.ts";
import { serve, type Service } from "./serve.ts";

export interface ModelApiOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** What answers a request that names no scenario. Default "text". */
  readonly scenario?: ScenarioName;
  /** Multiplies every scripted pause; 0 answers at once. Default 1. */
  readonly speed?: number;
  /** For the few headers that name a moment; ms since 1970. Default the wall clock. */
  readonly now?: () => number;
  /** Default: it takes all that comes. */
  readonly rateLimit?: RateLimit;
}

export interface ModelApi extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  /** The base URL that selects a scenario. A `run` of its own keeps its retries apart from others'. */
  urlFor(scenario: ScenarioName, run?: string): string;
  /** Every request so far, oldest first. */
  requests(): readonly RecordedRequest[];
  /** The first request, past or to come, that matches: called again on every change of one. No time limit of its own. */
  waitFor(matches: (request: RecordedRequest) => boolean): Promise<RecordedRequest>;
  /** What came of its rate limit so far. */
  rateLimitCounts(): RateLimitCounts;
  /** Lets held requests (scenario `hold`) go on: those of a run, or all, also those to come. */
  release(run?: string): void;
  /** Ends every connection, answered or not. */
  close(): Promise<void>;
}

/**
 * Serves the model APIs coding agents call, scripted, on 127.0.0.1 only. Nothing is random: the same requests in the same
 * order get the same bytes. Scenarios: see `scenarios/`; how one is chosen: see `selection.ts`.
 */
export async function startModelApi(options: ModelApiOptions = {}): Promise<ModelApi> {
  const closing = new AbortController();
  const now = options.now ?? Date.now;
  const limiter = createRateLimiter(options.rateLimit ?? {}, now);
  const service: Service = {
    defaultScenario: options.scenario ?? "text",
    speed: options.speed ?? 1,
    now,
    limiter,
    recorder: createRecorder(),
    gates: createGates(),
    attempts: new Map(),
    closing: closing.signal,
  };
  const server = createServer((request, response) => void serve(service, request, response));
  // Longer than any agent pauses between two calls, so that none meets a connection that is just being closed.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    closing.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    url,
    urlFor: (scenario, run) => `${url}/s/${scenario}${run === undefined ? "" : `/${run}`}`,
    requests: service.recorder.all,
    waitFor: service.recorder.waitFor,
    rateLimitCounts: limiter.counts,
    release: (run) => {
      service.gates.release(run);
      if (run !== undefined) service.gates.release(`hold/${run}`);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
