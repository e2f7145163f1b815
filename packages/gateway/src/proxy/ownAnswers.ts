import type { ServerResponse } from "node:http";
import type { JsonObject } from "@claude-orchestrator/domain";
import type { Dialect } from "../dialects/dialect.ts";
import type { Upstream } from "./upstream.ts";

/** What the gateway says itself. `x-should-retry` keeps clients that know it from asking again. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: JsonObject,
  headers: readonly string[] = [],
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, [
    "Content-Type",
    "application/json",
    "Content-Length",
    `${Buffer.byteLength(text)}`,
    ...headers,
  ]);
  response.end(text);
}

const final = ["x-should-retry", "false"] as const;

/** In the words of its API, so that the agent comes to its end and can be gone on with. */
export function sendRefusal(response: ServerResponse, dialect: Dialect, reason: string): void {
  const { status, body } = dialect.refusal(reason);
  sendJson(response, status, body, final);
}

/** Whoever has no pass learns nothing but that. */
export function sendNoPass(response: ServerResponse): void {
  const message = "this gateway is for the agents of one run only, each with a token of its own that ends with it";
  sendJson(response, 403, { type: "error", error: { type: "permission_error", message } }, final);
}

/** Where the API should have been, and what the network said of it. */
export function unreachableSentence({ origin }: Pick<Upstream, "origin">, error: unknown): string {
  return `the model API at ${origin} cannot be reached (${codeOf(error)})`;
}

export function sendUnreachable(response: ServerResponse, message: string): void {
  sendJson(response, 502, { type: "error", error: { type: "api_error", message } });
}

/** Of an error of the network. */
export function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

/** Nothing passes that could not be metered. */
export function sendUnknown(response: ServerResponse, method: string, path: string): void {
  const message = `the gateway lets through what it can meter, and does not know ${method} ${path}`;
  sendJson(response, 404, { type: "error", error: { type: "not_found_error", message } }, final);
}

/**
 * That the API takes no more for now, in its words; its agents ask again by themselves. Where it will not for longer than a
 * request is held here, those that know how are told not to.
 */
export function sendBusy(response: ServerResponse, dialect: Dialect, reason: string, again: Again): void {
  const seconds = Math.max(1, Math.ceil(again.inMs / 1000));
  const headers = ["Retry-After", `${again.isFar ? seconds : Math.min(seconds, longestRetryAfter)}`];
  sendJson(response, 429, busyBody(dialect, reason), again.isFar ? [...headers, ...final] : headers);
}

interface Again {
  readonly inMs: number;
  readonly isFar: boolean;
}

/** Seconds. Claude Code waits for no longer before it tries again. */
const longestRetryAfter = 30;

function busyBody({ name }: Dialect, message: string): JsonObject {
  switch (name) {
    case "anthropic":
      return { type: "error", error: { type: "rate_limit_error", message } };
    case "openai-chat":
    case "openai-responses":
      return { error: { message, type: "requests", code: "rate_limit_exceeded" } };
    case "gemini":
      return { error: { code: 429, status: "RESOURCE_EXHAUSTED", message } };
  }
}

export function sendNoWebSocket(response: ServerResponse): void {
  sendJson(response, 426, { error: { message: "there is no WebSocket here: ask by HTTP" } }, ["Upgrade", "HTTP/1.1"]);
}
