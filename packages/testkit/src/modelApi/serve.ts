import type { IncomingMessage, ServerResponse } from "node:http";
import { isJsonObject, type JsonObject } from "@claude-orchestrator/domain";
import { bareText, lastPrompt, type Conversation } from "./conversation.ts";
import { needsTools, roughTokens } from "./dialect.ts";
import type { Gates } from "./gates.ts";
import type { RateLimiter } from "./rateLimit.ts";
import type { Entry, Recorder } from "./recorder.ts";
import { respond, sendJson } from "./respond.ts";
import { routeOf, type Route } from "./routes.ts";
import { isScenarioName, scenarios, type ScenarioName } from "./scenarios/index.ts";
import { addressOf, scenarioNameFor, type Address } from "./selection.ts";
import { refuse, say, type Step } from "./step.ts";

/** What all exchanges of one server share. */
export interface Service {
  readonly defaultScenario: ScenarioName;
  /** Multiplies every pause. */
  readonly speed: number;
  /** ms since 1970. */
  readonly now: () => number;
  readonly limiter: RateLimiter;
  readonly recorder: Recorder;
  readonly gates: Gates;
  readonly attempts: Map<string, number>;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
}

interface Arrived {
  readonly method: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  readonly address: Address;
  readonly response: ServerResponse;
  readonly entry: Entry;
  readonly number: number;
  readonly signal: AbortSignal;
}

/** Takes one request from its first byte to its record's last word. Rejects only by a bug of ours. */
export async function serve(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) return;
  const { method = "GET", url = "/", headers } = request;
  const address = addressOf(url);
  const record = service.recorder.open({
    method,
    path: url,
    headers: plainHeaders(headers),
    bodyBytes: body.byteLength,
    body: body.toString("utf8"),
    run: address.run,
  });
  const number = service.recorder.count();
  const { entry, signal } = watchClient(service, response, record);
  try {
    await answer(service, { method, headers, body, address, response, entry, number, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    record({ outcome: "interrupted" });
  }
}

/** Undefined where the client went before it had said everything. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

/** A connection that ends before its answer is the client going away, unless we cut it or are closing. */
function watchClient(service: Service, response: ServerResponse, record: Entry) {
  const gone = new AbortController();
  let cutByUs = false;
  response.once("close", () => {
    if (response.writableFinished || cutByUs) return;
    if (!service.closing.aborted) record({ clientGone: true });
    gone.abort();
  });
  const entry: Entry = (change) => {
    cutByUs ||= change.outcome === "cut";
    record(change);
  };
  return { entry, signal: AbortSignal.any([gone.signal, service.closing]) };
}

async function answer(service: Service, arrived: Arrived): Promise<void> {
  const { address, body, entry, method, response } = arrived;
  const route = routeOf(method, address.path);
  const json = parseObject(body);
  switch (route.kind) {
    case "model":
      return json === undefined ? plain(400, notJson) : ask(service, arrived, route, json);
    case "count":
      return plain(200, {
        [route.field]: roughTokens(json?.["messages"] ?? json?.["contents"]) + roughTokens(json?.["system"]),
      });
    case "models":
      return plain(200, { object: "list", data: [], models: [], has_more: false });
    case "scenarios":
      return plain(200, Object.fromEntries(Object.entries(scenarios).map(([name, { about }]) => [name, about])));
    case "probe":
      response.writeHead(200).end();
      return entry({ outcome: "answered", status: 200 });
    case "websocket":
      return plain(426, { error: { message: "no WebSocket here; ask by HTTP" } });
    case "unknown":
      return plain(404, errorBody("not_found_error", `no route ${method} ${address.path}`));
  }

  function plain(status: number, content: JsonObject): void {
    sendJson(response, status, content);
    entry({ outcome: status < 400 ? "answered" : "refused", status });
  }
}

async function ask(
  service: Service,
  arrived: Arrived,
  route: Route & { readonly kind: "model" },
  body: JsonObject,
): Promise<void> {
  const { address, entry, headers, number, response, signal } = arrived;
  const conversation = route.dialect.read(body, address.path);
  const scenario = scenarioNameFor(conversation, address, headers, service.defaultScenario);
  const { api, model, stream, turn } = conversation;
  const limited = service.limiter.enter(response);
  // What is refused was not asked: retries of it count for no scenario.
  const attempt = limited === undefined ? countAttempt(service, conversation, `${address.run}|${scenario}`) : 0;
  entry({ api, model, stream, turn, scenario, attempt });
  const step = limited ?? route.dialect.sideAnswer?.(body) ?? stepFor(service, conversation, scenario, attempt);
  await respond(step, {
    response,
    entry,
    number,
    route,
    conversation,
    signal,
    speed: service.speed,
    released: () => service.gates.pass(address.run, signal),
  });
}

function stepFor(service: Service, conversation: Conversation, name: string, attempt: number): Step {
  if (!isScenarioName(name)) {
    return refuse(400, "invalid_request_error", `the stand-in has no scenario "${name}"; GET /__scenarios lists them`);
  }
  const nowSeconds = Math.floor(service.now() / 1000);
  const step = scenarios[name].step({ conversation, turn: conversation.turn, attempt, nowSeconds });
  // CLIs ask for a title or a summary without offering tools: a script of tool calls has no answer to that.
  return needsTools(step) && conversation.tools.length === 0 ? say("A short title") : step;
}

/** 1 for the first request with this prompt at this turn; a retry of the CLI, or of whoever runs it, counts on. */
function countAttempt(service: Service, conversation: Conversation, who: string): number {
  const side = conversation.tools.length === 0 ? "side" : "main";
  const key = `${who}|${conversation.turn}|${side}|${bareText(lastPrompt(conversation))}`;
  const attempt = (service.attempts.get(key) ?? 0) + 1;
  service.attempts.set(key, attempt);
  return attempt;
}

function parseObject(body: Buffer): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function errorBody(type: string, message: string): JsonObject {
  return { type: "error", error: { type, message } };
}

const notJson = errorBody("invalid_request_error", "the body is not a JSON object");

function plainHeaders(headers: IncomingMessage["headers"]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
