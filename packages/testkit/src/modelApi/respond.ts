import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { JsonValue } from "@claude-orchestrator/domain";
import type { Conversation } from "./conversation.ts";
import { answerOf, type ApiError } from "./dialect.ts";
import type { Entry } from "./recorder.ts";
import type { Route } from "./routes.ts";
import { writeFrames } from "./sse.ts";
import type { MessageStep, Step } from "./step.ts";

/** What one exchange needs while it is answered. */
export interface Exchange {
  readonly response: ServerResponse;
  readonly entry: Entry;
  readonly number: number;
  readonly route: Route & { readonly kind: "model" };
  readonly conversation: Conversation;
  /** Multiplies every pause. */
  readonly speed: number;
  /** Aborted when the client has gone or the server closes. */
  readonly signal: AbortSignal;
  /** Settles when the test releases this exchange's run. */
  readonly released: () => Promise<void>;
}

/** Answers one model request with one step. Rejects with the signal's reason when the client has gone. */
export async function respond(step: Step, exchange: Exchange): Promise<void> {
  const { entry } = exchange;
  switch (step.kind) {
    case "hang":
      return entry({ outcome: "waiting" });
    case "held":
      entry({ outcome: "waiting" });
      await exchange.released();
      exchange.signal.throwIfAborted();
      return sendMessage(step.then, exchange);
    case "refusal":
      return sendRefusal(step, step.headers ?? {}, exchange);
    case "stream-error":
      return sendStreamError({ ...step, status: 529 }, exchange);
    case "message":
      return sendMessage(step, exchange);
  }
}

/** Sends a whole JSON body. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: JsonValue,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_mock", ...headers });
  response.end(JSON.stringify(body));
}

async function sendMessage(message: MessageStep, exchange: Exchange): Promise<void> {
  const { conversation, entry, response, route, signal, speed } = exchange;
  const answer = answerOf(conversation, message, exchange.number);
  const firstMs = (message.pace?.firstMs ?? 0) * speed;
  if (firstMs > 0) await wait(firstMs, undefined, { signal });
  if (!conversation.stream) {
    sendJson(response, 200, route.dialect.whole(answer), message.headers);
    return entry({ outcome: "answered", status: 200, told: message.usage });
  }
  startStream(exchange, message.headers);
  const outcome = await writeFrames(response, route.dialect.frames(answer), {
    speed,
    signal,
    lineEnd: route.lineEnd,
    onCut: () => entry({ outcome: "cut" }),
    ...(message.pace === undefined ? {} : { pace: message.pace }),
    ...(message.cutAfter === undefined ? {} : { cutAfter: message.cutAfter }),
  });
  entry({ outcome, ...(outcome === "streamed" ? { told: message.usage } : {}) });
}

function sendRefusal(error: ApiError, headers: Readonly<Record<string, string>>, exchange: Exchange): void {
  const { status, body } = exchange.route.dialect.refusal(error);
  sendJson(exchange.response, status, body, headers);
  exchange.entry({ outcome: "refused", status });
}

async function sendStreamError(error: ApiError, exchange: Exchange): Promise<void> {
  if (!exchange.conversation.stream) return sendRefusal(error, {}, exchange);
  startStream(exchange);
  await writeFrames(exchange.response, exchange.route.dialect.streamError(error), {
    speed: exchange.speed,
    signal: exchange.signal,
    lineEnd: exchange.route.lineEnd,
    onCut: () => {},
  });
  exchange.entry({ outcome: "stream-error" });
}

function startStream({ entry, response }: Exchange, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "request-id": "req_mock",
    ...headers,
  });
  entry({ status: 200 });
}
