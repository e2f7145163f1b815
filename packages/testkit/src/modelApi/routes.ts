import { anthropic } from "./anthropic.ts";
import type { Dialect } from "./dialect.ts";
import { gemini } from "./gemini.ts";
import { openaiChat } from "./openaiChat.ts";
import { openaiResponses } from "./openaiResponses.ts";

/** What a request wants, by method and path alone. */
export type Route =
  | { readonly kind: "model"; readonly dialect: Dialect; readonly lineEnd: "\n" | "\r\n" }
  | { readonly kind: "count"; readonly field: "input_tokens" | "totalTokens" }
  | { readonly kind: "models" }
  | { readonly kind: "scenarios" }
  | { readonly kind: "probe" }
  /** Codex first asks for a WebSocket; 426 sends it to plain HTTP at once. */
  | { readonly kind: "websocket" }
  | { readonly kind: "unknown" };

const posted: readonly (readonly [RegExp, Route])[] = [
  [/\/messages\/count_tokens$/, { kind: "count", field: "input_tokens" }],
  [/\/messages$/, { kind: "model", dialect: anthropic, lineEnd: "\n" }],
  [/\/responses$/, { kind: "model", dialect: openaiResponses, lineEnd: "\n" }],
  [/\/chat\/completions$/, { kind: "model", dialect: openaiChat, lineEnd: "\n" }],
  [/\/models\/[^:/]+:countTokens$/, { kind: "count", field: "totalTokens" }],
  [/\/models\/[^:/]+:(generateContent|streamGenerateContent)$/, { kind: "model", dialect: gemini, lineEnd: "\r\n" }],
];

const fetched: readonly (readonly [RegExp, Route])[] = [
  [/^\/__scenarios$/, { kind: "scenarios" }],
  [/\/responses$/, { kind: "websocket" }],
  [/\/models(\/[^/]+)?$/, { kind: "models" }],
  [/^\/$/, { kind: "probe" }],
];

export function routeOf(method: string, path: string): Route {
  if (method === "HEAD") return { kind: "probe" };
  const table = method === "POST" ? posted : method === "GET" ? fetched : [];
  return table.find(([pattern]) => pattern.test(path))?.[1] ?? { kind: "unknown" };
}
