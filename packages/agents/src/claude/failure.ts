import type { AgentFailure, FailureKind, JsonObject } from "@claude-orchestrator/domain";
import { apiFailure } from "../shared/apiFailure.ts";
import { numberAt, oneLine, textAt } from "../shared/looseJson.ts";

/** What was heard before a result and says more about its failure than the result does. */
export interface Hints {
  /** `error` of the last assistant event that was an API error. */
  readonly errorName: string | undefined;
  /** ms since 1970, from the last usage window that was rejected. */
  readonly rejectedUntil: number | undefined;
}

/** Why a result is a failure. `subtype` alone never tells: an API error is a `success` with `is_error`. */
export function failureOfResult(result: JsonObject, hints: Hints): AgentFailure {
  const message = messageOf(result);
  const status = numberAt(result, "api_error_status");
  const kind =
    ownLimit(result) ??
    ofBilling(result, message, status) ??
    ofUsageLimit(result, message, hints) ??
    ofTurn(result, message, hints);
  if (kind === undefined) return apiFailure(message, status);
  return {
    kind,
    message,
    ...(status === undefined ? {} : { status }),
    ...(kind === "usage_limit" ? resetOf(message, hints) : {}),
  };
}

/** What a program that ended without any result said on stderr, where its words are known. */
export function failureOfStderr(lines: readonly string[]): AgentFailure | undefined {
  for (const line of lines.toReversed()) {
    const kind = kindOfWords(line);
    if (kind !== undefined) return { kind, message: oneLine(line, 500) };
  }
  return undefined;
}

function messageOf(result: JsonObject): string {
  const errors = result["errors"];
  const first = Array.isArray(errors) ? errors.find((each) => typeof each === "string") : undefined;
  const text = textAt(result, "result") ?? first;
  if (text?.startsWith("[ede_diagnostic]") === true) return interrupted(result);
  return text === undefined || text.trim() === "" ? `Claude Code ended with ${reasonOf(result)}` : oneLine(text, 2000);
}

function interrupted(result: JsonObject): string {
  return textAt(result, "terminal_reason")?.startsWith("aborted") === true
    ? "The turn was interrupted"
    : `Claude Code ended with ${reasonOf(result)}`;
}

function reasonOf(result: JsonObject): string {
  return textAt(result, "terminal_reason") ?? textAt(result, "subtype") ?? "an error it does not name";
}

function ownLimit(result: JsonObject): FailureKind | undefined {
  switch (textAt(result, "subtype")) {
    case "error_max_turns":
      return "max_turns";
    case "error_max_budget_usd":
      return "budget";
    case "error_max_structured_output_retries":
      return "structured_output";
    default:
      return undefined;
  }
}

function ofBilling(result: JsonObject, message: string, status: number | undefined): FailureKind | undefined {
  if (status === 402) return textAt(result, "api_error_type") === "budget_exceeded" ? "budget" : "billing";
  return /credit balance is too low/i.test(message) ? "billing" : undefined;
}

/** A limit of the account, which lifts at a known time, not of the last minute's requests. */
function ofUsageLimit(result: JsonObject, message: string, hints: Hints): FailureKind | undefined {
  const said = /usage limit reached|hit your .{0,40}limit/i.test(message);
  const rejected = numberAt(result, "api_error_status") === 429 && hints.rejectedUntil !== undefined;
  return said || rejected || textAt(result, "api_error") === "usage_limit_reached" ? "usage_limit" : undefined;
}

function ofTurn(result: JsonObject, message: string, hints: Hints): FailureKind | undefined {
  if (textAt(result, "startup_failure_reason") !== undefined) return kindOfWords(message) ?? "bad_invocation";
  if (textAt(result, "stop_reason") === "refusal") return "refusal";
  const status = numberAt(result, "api_error_status");
  if (status === 401 || status === 403) return "authentication";
  if (status !== undefined) return undefined;
  return kindOfWords(message) ?? kindOfErrorName(hints.errorName);
}

function resetOf(message: string, { rejectedUntil }: Hints): { resetsAt?: number } {
  if (rejectedUntil !== undefined) return { resetsAt: rejectedUntil };
  const seconds = /\|(\d{10})\b/.exec(message)?.[1];
  if (seconds !== undefined) return { resetsAt: Number(seconds) * 1000 };
  const date = /resets (?:at )?(\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))/i.exec(message)?.[1];
  const at = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(at) ? {} : { resetsAt: at };
}

const meanings: readonly (readonly [RegExp, FailureKind])[] = [
  [/session id .* is already in use/i, "session_in_use"],
  [/no conversation found|no session .*found/i, "session_not_found"],
  [
    /not logged in|please run \/login|invalid api key|oauth token .*(expired|revoked)|failed to authenticate/i,
    "authentication",
  ],
  [
    /unknown option|missing required argument|argument missing|requires --verbose|input must be provided/i,
    "bad_invocation",
  ],
  [/cannot be used with root|invalid session id|must be a valid uuid|error parsing streaming input/i, "bad_invocation"],
  [
    /settings file not found|invalid mcp|mcp config file not found|argument '.*' is invalid|invalid settings/i,
    "bad_invocation",
  ],
  [/fallback model cannot be the same/i, "bad_invocation"],
  [/request timed out|connection error|unable to connect|socket|ECONN|ENOTFOUND|fetch failed/i, "connection"],
];

function kindOfWords(message: string): FailureKind | undefined {
  return meanings.find(([pattern]) => pattern.test(message))?.[1];
}

const errorNames: Readonly<Record<string, FailureKind>> = {
  rate_limit: "rate_limit",
  overloaded: "overload",
  server_error: "overload",
  authentication_failed: "authentication",
  billing_error: "billing",
  invalid_request: "invalid_request",
  model_not_found: "invalid_request",
};

function kindOfErrorName(name: string | undefined): FailureKind | undefined {
  return name !== undefined && Object.hasOwn(errorNames, name) ? errorNames[name] : undefined;
}
