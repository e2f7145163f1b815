import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject, TokenUsage } from "@claude-orchestrator/domain";
import { momentAt, numberAt, objectAt, objectsAt, textAt } from "./looseJson.ts";
import { fileUse, toolObject, toolPath } from "./toolWords.ts";
import type { Place, TranscriptBuilder } from "./transcriptBuilder.ts";

/** Claude Code's `stream-json`: each line one block of an answer, the results of tools, or a word about the session. */
export function readClaudeLine(builder: TranscriptBuilder, event: JsonObject, line: number): boolean {
  switch (textAt(event, "type")) {
    case "assistant":
      readAssistant(builder, event, line);
      return true;
    case "user":
      readUser(builder, event, line);
      return true;
    case "system":
      readSystem(builder, event, line);
      return true;
    case "stream_event":
      readStreamEvent(builder, event);
      return true;
    case "result":
      readResult(builder, event, line);
      return true;
    default:
      return false;
  }
}

function placeOf(event: JsonObject, turn: string, line: number): Place {
  const parent = textAt(event, "parent_tool_use_id");
  return { turn, line, at: momentAt(event, "timestamp"), parent };
}

function readAssistant(builder: TranscriptBuilder, event: JsonObject, line: number): void {
  const message = objectAt(event, "message");
  const turn = textAt(message, "id") ?? `line ${line}`;
  const place = placeOf(event, turn, line);
  const content = message["content"];
  if (typeof content === "string") builder.text(place, "text", content);
  for (const block of objectsAt(message, "content")) addBlock(builder, block, place);
  const model = textAt(message, "model");
  if (place.parent === undefined && isJsonObject(message["usage"]) && model !== "<synthetic>") {
    builder.spent(turn, model, usageOf(message["usage"]));
  }
}

function addBlock(builder: TranscriptBuilder, block: JsonObject, place: Place): void {
  const type = textAt(block, "type") ?? "";
  if (type === "text" || type === "thinking") {
    builder.text(place, type, textAt(block, type) ?? "");
    return;
  }
  const callId = textAt(block, "id");
  if (!type.endsWith("tool_use") || callId === undefined) return;
  const tool = textAt(block, "name") ?? "a tool";
  const input = objectAt(block, "input");
  builder.call(place, { callId, tool, input: JSON.stringify(input, undefined, 2), object: toolObject(input) });
  const use = fileUse(tool);
  const path = toolPath(input);
  if (use !== undefined && path !== undefined) builder.touch(path, use, place.line);
}

function readUser(builder: TranscriptBuilder, event: JsonObject, line: number): void {
  const message = objectAt(event, "message");
  const place = placeOf(event, `person ${line}`, line);
  const content = message["content"];
  if (typeof content === "string" && place.parent === undefined) builder.person(place, content);
  for (const block of objectsAt(message, "content")) {
    const callId = textAt(block, "tool_use_id");
    if (callId === undefined) {
      if (place.parent === undefined && event["isSynthetic"] !== true)
        builder.person(place, textAt(block, "text") ?? "");
      continue;
    }
    builder.result(callId, { ok: block["is_error"] !== true, text: resultText(block["content"]), line, to: place.at });
  }
  for (const meta of objectsAt(event, "tool_result_meta")) {
    if (textAt(objectAt(meta, "permission_decision"), "decision") === "reject") builder.deny(textAt(meta, "id") ?? "");
  }
}

function resultText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return (content as readonly unknown[])
    .map((part) => (isJsonObject(part) ? (textAt(part, "text") ?? `(${textAt(part, "type") ?? "something"})`) : ""))
    .join("\n");
}

function readSystem(builder: TranscriptBuilder, event: JsonObject, line: number): void {
  const subtype = textAt(event, "subtype") ?? "";
  const place = placeOf(event, `system ${line}`, line);
  if (subtype === "api_retry") {
    builder.note(
      place,
      `waits for the API (${textAt(event, "error") ?? "an error"}), attempt ${numberAt(event, "attempt")}`,
    );
  } else if (subtype === "compact_boundary") {
    builder.note(place, "what was said before was summed up, to make room");
  } else if (subtype === "permission_denied") {
    builder.deny(textAt(event, "tool_use_id") ?? "");
  }
}

/** The last word on what an answer cost: what stands on its blocks is told before it is whole. */
function readStreamEvent(builder: TranscriptBuilder, event: JsonObject): void {
  const inner = objectAt(event, "event");
  const turn = textAt(event, "api_message_id");
  if (textAt(inner, "type") !== "message_delta" || turn === undefined || !isJsonObject(inner["usage"])) return;
  builder.spent(turn, undefined, usageOf(inner["usage"]));
}

function readResult(builder: TranscriptBuilder, event: JsonObject, line: number): void {
  for (const denial of objectsAt(event, "permission_denials")) builder.deny(textAt(denial, "tool_use_id") ?? "");
  if (event["is_error"] !== true) return;
  const text = textAt(event, "result") ?? textAt(event, "subtype") ?? "it failed";
  builder.note({ turn: `result ${line}`, line, at: undefined }, text, true);
}

function usageOf(usage: JsonObject): TokenUsage {
  const written = objectAt(usage, "cache_creation");
  const hour = numberAt(written, "ephemeral_1h_input_tokens");
  return {
    input: numberAt(usage, "input_tokens"),
    output: numberAt(usage, "output_tokens"),
    cacheRead: numberAt(usage, "cache_read_input_tokens"),
    cacheWrite5m: Math.max(0, numberAt(usage, "cache_creation_input_tokens") - hour),
    cacheWrite1h: hour,
    reasoning: numberAt(objectAt(usage, "output_tokens_details"), "thinking_tokens"),
  };
}
