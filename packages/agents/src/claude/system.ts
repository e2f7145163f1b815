import type { AgentEvent, JsonObject } from "@claude-orchestrator/domain";
import { isJsonObject } from "@claude-orchestrator/domain";
import { waitingFor } from "../shared/apiFailure.ts";
import { numberAt, objectAt, oneLine, textAt } from "../shared/looseJson.ts";
import type { ParserState } from "./state.ts";

/** Refused calls remembered, so that each is told once. */
const mostDenied = 10_000;

/** `system` events. Subtypes come and go with every release: one that is not known says nothing. */
export function fromSystem(state: ParserState, event: JsonObject): readonly AgentEvent[] {
  switch (textAt(event, "subtype")) {
    case "init":
      return [session(event)];
    case "api_retry":
      return [waiting(event)];
    case "permission_denied":
      return denial(state, event, textAt(event, "decision_reason") ?? textAt(event, "message"));
    case "model_fallback":
    case "model_refusal_no_fallback":
    case "informational":
      return note(textAt(event, "content"));
    case "compact_boundary":
      return note("The conversation was summarised to free context");
    case "hook_response":
      return textAt(event, "outcome") === "error" ? note(`Hook ${textAt(event, "hook_name") ?? ""} failed`) : [];
    default:
      return [];
  }
}

function session(event: JsonObject): AgentEvent {
  const sessionId = textAt(event, "session_id");
  const model = textAt(event, "model");
  const agentVersion = textAt(event, "claude_code_version");
  const permissionMode = textAt(event, "permissionMode");
  return {
    type: "session",
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(model === undefined ? {} : { model }),
    ...(agentVersion === undefined ? {} : { agentVersion }),
    ...(permissionMode === undefined ? {} : { permissionMode }),
  };
}

function waiting(event: JsonObject): AgentEvent {
  const status = numberAt(event, "error_status");
  const delayMs = numberAt(event, "retry_delay_ms");
  const error = textAt(event, "error") ?? "unknown";
  const tries = `try ${numberAt(event, "attempt") ?? "?"} of ${numberAt(event, "max_retries") ?? "?"}`;
  return {
    type: "waiting",
    why: status === undefined && error === "unknown" ? "connection" : waitingFor(error.replaceAll("_", " "), status),
    ...(delayMs === undefined || delayMs < 0 ? {} : { delayMs }),
    text: `${status === undefined ? "no answer from the model API" : `HTTP ${status} (${oneLine(error, 60)})`}, ${tries}`,
  };
}

/** A tool call that was not permitted, once, whether told as it happened or in the result. */
export function denial(state: ParserState, told: JsonObject, reason: string | undefined): readonly AgentEvent[] {
  const id = textAt(told, "tool_use_id");
  const tool = textAt(told, "tool_name") ?? "a tool";
  if (id !== undefined) {
    if (state.denied.has(id)) return [];
    if (state.denied.size < mostDenied) state.denied.add(id);
  }
  return [{ type: "denied", tool, reason: oneLine(reason ?? "", 500) || "not allowed in this permission mode" }];
}

function note(text: string | undefined): readonly AgentEvent[] {
  return text === undefined || text.trim() === "" ? [] : [{ type: "note", text: oneLine(text, 500) }];
}

type Limit = Extract<AgentEvent, { type: "limit" }>;

/** Windows of a subscription. The one the event is about comes first. */
export function fromRateLimit(state: ParserState, event: JsonObject): readonly AgentEvent[] {
  const info = objectAt(event, "rate_limit_info");
  const about = textAt(info, "rateLimitType") ?? "account";
  const main = limit(about, info);
  if (main === undefined) return [];
  if (main.status === "rejected") state.rejectedUntil = main.resetsAt ?? state.rejectedUntil;
  const others = Object.entries(objectAt(info, "unifiedWindows")).flatMap(([window, value]) => {
    const other = window !== about && isJsonObject(value) ? limit(window, value) : undefined;
    return other === undefined ? [] : [other];
  });
  return [main, ...others];
}

function limit(window: string, info: JsonObject): Limit | undefined {
  const status = limitStatus(textAt(info, "status"));
  if (status === undefined) return undefined;
  const resets = numberAt(info, "resetsAt");
  const utilization = numberAt(info, "utilization");
  return {
    type: "limit",
    window,
    status,
    // Told in seconds; a figure that could only be milliseconds is taken as such.
    ...(resets === undefined || resets <= 0 ? {} : { resetsAt: resets < 1e11 ? resets * 1000 : resets }),
    ...(utilization === undefined ? {} : { utilization: Math.min(1, Math.max(0, utilization)) }),
  };
}

function limitStatus(status: string | undefined): Limit["status"] | undefined {
  if (status === "allowed" || status === "rejected") return status;
  return status === "allowed_warning" ? "warning" : undefined;
}
