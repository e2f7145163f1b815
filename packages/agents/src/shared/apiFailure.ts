import type { AgentEvent, AgentFailure, FailureKind } from "@claude-orchestrator/domain";
import { objectAt, readObject, textAt } from "./looseJson.ts";

/**
 * What a failed model call means, from its HTTP status where one is known and from its words where not. The message is
 * what a person reads; a JSON body in it is opened first.
 */
export function apiFailure(message: string, status?: number): AgentFailure {
  const words = openBody(message);
  const kind = /budget[_ ]exceeded/i.test(words) ? "budget" : kindOfCall(words, status);
  return { kind, message: words, ...(status === undefined ? {} : { status }) };
}

/** Why an agent waits before it asks the model again. */
export function waitingFor(
  message: string,
  status: number | undefined,
): Extract<AgentEvent, { type: "waiting" }>["why"] {
  const { kind } = apiFailure(message, status);
  if (kind === "rate_limit" || kind === "usage_limit") return "rate_limit";
  if (kind === "overload") return status === 500 ? "server_error" : "overloaded";
  return kind === "connection" ? "connection" : "other";
}

function openBody(message: string): string {
  const body = readObject(message);
  if (body === undefined) return message;
  return textAt(objectAt(body, "error"), "message") ?? textAt(body, "message") ?? message;
}

function kindOfCall(words: string, status: number | undefined): FailureKind {
  return (status === undefined ? undefined : kindOfStatus(status, words)) ?? kindOfWords(words);
}

function kindOfStatus(status: number, words: string): FailureKind | undefined {
  if (status === 401 || status === 403) return "authentication";
  if (status === 402) return "billing";
  if (status === 429) return isUsageLimit(words) ? "usage_limit" : "rate_limit";
  if (status === 408) return "connection";
  if (status >= 500) return "overload";
  if (status >= 400) return "invalid_request";
  return undefined;
}

const isUsageLimit = (words: string): boolean => /usage limit|exceeded your current quota/i.test(words);

const meanings: readonly (readonly [RegExp, FailureKind])[] = [
  [/usage limit|exceeded your current quota/i, "usage_limit"],
  [/rate limit|too many requests/i, "rate_limit"],
  [/overloaded|at capacity|high demand|internal server error|unavailable/i, "overload"],
  [/disconnect|connection|network|socket|timed? ?out|terminated|fetch failed|ECONN|ENOTFOUND|EAI_AGAIN/i, "connection"],
  [/api key|unauthori[sz]ed|not logged in|authenticat|sign in|login/i, "authentication"],
  [/credit balance|billing|payment/i, "billing"],
  [/too long|context (window|length)|invalid[_ ](request|argument)|model.*not (found|supported)/i, "invalid_request"],
];

function kindOfWords(words: string): FailureKind {
  return meanings.find(([pattern]) => pattern.test(words))?.[1] ?? "agent_error";
}
