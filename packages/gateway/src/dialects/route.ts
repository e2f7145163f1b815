import type { ModelVendor } from "@claude-orchestrator/engine/ports";
import { anthropic } from "./anthropic.ts";
import type { Dialect } from "./dialect.ts";
import { gemini } from "./gemini.ts";
import { openaiChat } from "./openaiChat.ts";
import { openaiResponses } from "./openaiResponses.ts";

/** Where a request goes: whose API, by which path there, and whether it can cost anything. */
export type Route =
  | { readonly kind: "asks"; readonly vendor: ModelVendor; readonly path: string; readonly dialect: Dialect }
  /** It only looks something up, or counts. */
  | { readonly kind: "free"; readonly vendor: ModelVendor; readonly path: string; readonly dialect: Dialect }
  /** Codex tries a WebSocket first; told that there is none, it goes on by HTTP at once. */
  | { readonly kind: "websocket" }
  /** What the gateway cannot meter it does not let through: it might cost anything. */
  | { readonly kind: "unknown"; readonly dialect: Dialect };

interface Rule {
  readonly vendor: ModelVendor;
  readonly method: "GET" | "POST";
  readonly path: RegExp;
  readonly kind: "asks" | "free";
  readonly dialect: Dialect;
}

const rules: readonly Rule[] = [
  { vendor: "anthropic", method: "POST", path: /^\/v1\/messages$/, kind: "asks", dialect: anthropic },
  { vendor: "anthropic", method: "POST", path: /^\/v1\/messages\/count_tokens$/, kind: "free", dialect: anthropic },
  { vendor: "anthropic", method: "GET", path: /^\/v1\/models(?:\/[^/]+)?$/, kind: "free", dialect: anthropic },
  { vendor: "anthropic", method: "GET", path: /^\/(?:api\/hello)?$/, kind: "free", dialect: anthropic },
  { vendor: "openai", method: "POST", path: /^\/v1\/responses$/, kind: "asks", dialect: openaiResponses },
  { vendor: "openai", method: "POST", path: /^\/v1\/chat\/completions$/, kind: "asks", dialect: openaiChat },
  { vendor: "openai", method: "GET", path: /^\/v1\/models(?:\/[^/]+)?$/, kind: "free", dialect: openaiResponses },
  {
    vendor: "google",
    method: "POST",
    path: /^\/v1(?:beta|alpha)?\/models\/[^/:]+:(?:streamGenerateContent|generateContent)$/,
    kind: "asks",
    dialect: gemini,
  },
  {
    vendor: "google",
    method: "POST",
    path: /^\/v1(?:beta|alpha)?\/models\/[^/:]+:countTokens$/,
    kind: "free",
    dialect: gemini,
  },
  {
    vendor: "google",
    method: "GET",
    path: /^\/v1(?:beta|alpha)?\/models(?:\/[^/:]+)?$/,
    kind: "free",
    dialect: gemini,
  },
];

const dialects: Readonly<Record<ModelVendor, Dialect>> = { anthropic, openai: openaiResponses, google: gemini };

/** What a request of a vendor's is, by its method and its path at the vendor (no query). */
export function routeOf(vendor: ModelVendor, method: string, path: string, upgrade: string | undefined): Route {
  if (upgrade?.toLowerCase() === "websocket") return { kind: "websocket" };
  const asked = method === "HEAD" ? "GET" : method;
  const rule = rules.find((each) => each.vendor === vendor && each.method === asked && each.path.test(path));
  if (rule === undefined) return { kind: "unknown", dialect: dialects[vendor] };
  return { kind: rule.kind, vendor, path, dialect: rule.dialect };
}

/** The vendor an address of the gateway begins with, and the path there. */
export function vendorOf(path: string): { readonly vendor: ModelVendor; readonly path: string } | undefined {
  const [, vendor, rest = ""] = /^\/(anthropic|openai|google)(\/.*)?$/.exec(path) ?? [];
  return vendor === undefined ? undefined : { vendor: vendor as ModelVendor, path: rest === "" ? "/" : rest };
}
