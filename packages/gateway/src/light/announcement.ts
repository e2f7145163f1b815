import type { IncomingHttpHeaders } from "node:http";
import type { JsonObject } from "@claude-orchestrator/domain";
import { objectIn, objectsIn, textIn } from "../dialects/looseJson.ts";
import { durationOf, untilThen } from "./moments.ts";

/** What is left of one of a model's limits. */
export interface Quota {
  readonly of: "requests" | "tokens" | "input-tokens" | "output-tokens";
  /** Undefined where only what is left is told. */
  readonly limit?: number;
  readonly remaining: number;
  /** ms until all of it is there again; it comes back bit by bit until then. */
  readonly fullInMs: number;
}

/** What an answer says of the API's limits, as pure facts. */
export interface Announcement {
  /**
   * accepted: no limit was in the way. limited: this request met one. overloaded: the API has too much to do. final: a limit
   * that waiting does not help against in time (a spent usage window, no credit), or that the API forbids to try again.
   */
  readonly is: "accepted" | "limited" | "overloaded" | "final";
  /** ms in which nothing more is to be asked; undefined where the API does not say. */
  readonly againInMs?: number;
  readonly quotas: readonly Quota[];
}

/**
 * Reads the head of an answer, and the body of a refusal where it was kept.
 *
 * @param now ms since 1970
 */
export function announcementOf(
  status: number,
  headers: IncomingHttpHeaders,
  now: number,
  body?: JsonObject,
): Announcement {
  const said = headers.date === undefined ? Number.NaN : Date.parse(headers.date);
  const theirNow = Number.isNaN(said) ? now : said;
  const is = kindOf(status, headers, body);
  const againInMs = is === "accepted" ? undefined : againIn(headers, theirNow, body);
  return { is, ...(againInMs === undefined ? {} : { againInMs }), quotas: quotasOf(headers, theirNow) };
}

function kindOf(status: number, headers: IncomingHttpHeaders, body: JsonObject | undefined): Announcement["is"] {
  if (status === 529 || status === 503) return "overloaded";
  if (status !== 429) return "accepted";
  const isFinal =
    headers["x-should-retry"] === "false" ||
    headers["anthropic-ratelimit-unified-status"] === "rejected" ||
    textIn(objectIn(body ?? {}, "error"), "code") === "insufficient_quota";
  return isFinal ? "final" : "limited";
}

function againIn(headers: IncomingHttpHeaders, theirNow: number, body: JsonObject | undefined): number | undefined {
  const exact = Number(headers["retry-after-ms"]);
  if (exact > 0) return Math.ceil(exact);
  const after = headers["retry-after"];
  return (after === undefined ? undefined : untilThen(after, theirNow)) ?? retryInfo(body);
}

/** Google says it in the body only. */
function retryInfo(body: JsonObject | undefined): number | undefined {
  const details = objectsIn(objectIn(body ?? {}, "error"), "details");
  const delay = details.map((detail) => textIn(detail, "retryDelay")).find((text) => text !== undefined);
  return delay === undefined ? undefined : durationOf(delay);
}

const kinds = ["requests", "tokens", "input-tokens", "output-tokens"] as const;

function quotasOf(headers: IncomingHttpHeaders, theirNow: number): readonly Quota[] {
  return kinds.flatMap((of) => {
    const told = (what: string): string | undefined =>
      textOf(headers[`anthropic-ratelimit-${of}-${what}`]) ?? textOf(headers[`x-ratelimit-${what}-${of}`]);
    const remaining = countOf(told("remaining"));
    const reset = told("reset");
    const fullInMs = reset === undefined ? undefined : untilThen(reset, theirNow);
    if (remaining === undefined || fullInMs === undefined) return [];
    const limit = countOf(told("limit"));
    return [{ of, remaining, fullInMs, ...(limit === undefined ? {} : { limit }) }];
  });
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value.trim() : undefined;
}

function countOf(text: string | undefined): number | undefined {
  const count = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(count) && count >= 0 ? count : undefined;
}
