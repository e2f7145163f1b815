import type { AgentEvent, JsonObject } from "@claude-orchestrator/domain";
import { isJsonObject } from "@claude-orchestrator/domain";
import { objectAt, oneLine, textAt, toolSummary } from "../shared/looseJson.ts";
import type { Call, ParserState } from "./state.ts";
import { callUsage } from "./usage.ts";

/** Messages the program makes up itself (errors, answers of local commands): no model was called for them. */
const synthetic = "<synthetic>";

/** One content block of the model's answer, with a usage that is not final and is repeated on each block. */
export function fromAssistant(state: ParserState, event: JsonObject): readonly AgentEvent[] {
  const message = objectAt(event, "message");
  state.errorName = textAt(event, "error") ?? state.errorName;
  const events: AgentEvent[] = [];
  // The text of an API error comes again as the result's, and is no answer.
  if (event["is_api_error_message"] !== true) {
    addBlocks(state, events, message["content"], textAt(event, "parent_tool_use_id"));
  }
  const id = textAt(message, "id");
  const model = textAt(message, "model");
  if (id !== undefined && model !== synthetic && id !== state.finalCall && isJsonObject(message["usage"])) {
    addUsage(state, events, { id, model, usage: callUsage(message["usage"]) });
  }
  return events;
}

function addBlocks(state: ParserState, events: AgentEvent[], content: unknown, parent: string | undefined): void {
  const from = parent === undefined ? {} : { parent };
  if (typeof content === "string" && content.trim() !== "") events.push({ type: "message", text: content, ...from });
  if (!Array.isArray(content)) return;
  for (const block of content as readonly unknown[]) {
    if (isJsonObject(block)) addBlock(state, events, block, from);
  }
}

function addBlock(
  state: ParserState,
  events: AgentEvent[],
  block: JsonObject,
  from: { readonly parent?: string },
): void {
  const type = textAt(block, "type") ?? "";
  if (toolUses.has(type)) {
    addToolStart(state, events, block, from);
    return;
  }
  const text = type === "text" || type === "thinking" ? (textAt(block, type) ?? "") : "";
  if (text.trim() === "") return;
  events.push(type === "text" ? { type: "message", text, ...from } : { type: "thinking", text });
}

const toolUses = new Set(["tool_use", "server_tool_use", "mcp_tool_use"]);

function addToolStart(
  state: ParserState,
  events: AgentEvent[],
  block: JsonObject,
  from: { readonly parent?: string },
): void {
  const callId = textAt(block, "id");
  const tool = textAt(block, "name");
  if (callId === undefined || tool === undefined || state.openTools.has(callId)) return;
  state.openTools.add(callId);
  events.push({ type: "tool-started", callId, tool, summary: toolSummary(objectAt(block, "input")), ...from });
}

/** Results of tools; the prompt itself and words the program puts in the person's mouth are no news. */
export function fromUser(state: ParserState, event: JsonObject): readonly AgentEvent[] {
  const content = objectAt(event, "message")["content"];
  if (!Array.isArray(content)) return [];
  const events: AgentEvent[] = [];
  for (const block of content as readonly unknown[]) {
    if (!isJsonObject(block) || textAt(block, "type") !== "tool_result") continue;
    const callId = textAt(block, "tool_use_id");
    if (callId === undefined) continue;
    state.openTools.delete(callId);
    const summary = resultSummary(block["content"]);
    events.push({
      type: "tool-finished",
      callId,
      ok: block["is_error"] !== true,
      ...(summary === "" ? {} : { summary }),
    });
  }
  return events;
}

function resultSummary(content: unknown): string {
  if (typeof content === "string") return oneLine(content);
  if (!Array.isArray(content)) return "";
  const text = (content as readonly unknown[]).find((part) => isJsonObject(part) && textAt(part, "type") === "text");
  return isJsonObject(text) ? oneLine(textAt(text, "text") ?? "") : "";
}

/** The model API's own events of a main-loop call: its last `message_delta` has the call's final usage. */
export function fromStreamEvent(state: ParserState, event: JsonObject): readonly AgentEvent[] {
  const inner = objectAt(event, "event");
  const events: AgentEvent[] = [];
  const type = textAt(inner, "type");
  if (type === "message_start") {
    const message = objectAt(inner, "message");
    const id = textAt(message, "id");
    if (id === undefined) return [];
    state.call = { id, model: textAt(message, "model"), usage: callUsage(objectAt(message, "usage")) };
    addUsage(state, events, state.call);
  } else if (type === "message_delta" && isJsonObject(inner["usage"])) {
    const id = textAt(event, "api_message_id") ?? state.call?.id;
    if (id === undefined) return [];
    const started = state.call?.id === id ? state.call : undefined;
    state.finalCall = id;
    addUsage(state, events, { id, model: started?.model, usage: callUsage(inner["usage"], started?.usage) });
  }
  return events;
}

function addUsage(state: ParserState, events: AgentEvent[], { id, model, usage }: Call): void {
  const last = state.lastUsage;
  if (last?.id === id && last.usage.output === usage.output && last.usage.input === usage.input) return;
  state.lastUsage = { id, usage };
  events.push({ type: "usage", key: id, ...(model === undefined ? {} : { model }), usage });
}
