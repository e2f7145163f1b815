import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject } from "@claude-orchestrator/domain";
import { momentAt, numberAt, objectAt, objectsAt, textAt } from "./looseJson.ts";
import { fileUse, toolObject, toolPath } from "./toolWords.ts";
import type { Place, TranscriptBuilder } from "./transcriptBuilder.ts";

/** The lines of codex: items that begin and complete, in turns that are counted as a whole. */
export function readCodexLine(builder: TranscriptBuilder, event: JsonObject, line: number): boolean {
  const type = textAt(event, "type") ?? "";
  const place: Place = { turn: "codex", line, at: undefined };
  if (type.startsWith("item.")) {
    readCodexItem(builder, objectAt(event, "item"), place, type === "item.completed");
    return true;
  }
  if (type === "turn.completed") {
    const usage = objectAt(event, "usage");
    const cacheRead = numberAt(usage, "cached_input_tokens");
    builder.spent("codex", undefined, {
      input: Math.max(0, numberAt(usage, "input_tokens") - cacheRead),
      output: numberAt(usage, "output_tokens"),
      cacheRead,
      cacheWrite5m: numberAt(usage, "cache_write_input_tokens"),
      cacheWrite1h: 0,
      reasoning: numberAt(usage, "reasoning_output_tokens"),
    });
    return true;
  }
  if (type === "error" || type === "turn.failed") {
    if (event["part"] !== undefined || event["sessionID"] !== undefined) return false;
    const text = textAt(event, "message") ?? textAt(objectAt(event, "error"), "message") ?? "it failed";
    builder.note(place, text, true);
    return true;
  }
  return type === "thread.started" || type === "turn.started";
}

function readCodexItem(builder: TranscriptBuilder, item: JsonObject, place: Place, isDone: boolean): void {
  const kind = textAt(item, "type") ?? "";
  const text = textAt(item, "text") ?? textAt(item, "message") ?? "";
  switch (kind) {
    case "agent_message":
      if (isDone) builder.text(place, "text", text);
      return;
    case "reasoning":
      if (isDone) builder.text(place, "thinking", text);
      return;
    case "error":
      if (isDone) builder.note(place, text, true);
      return;
    default:
      readCodexCall(builder, item, place, isDone);
  }
}

function readCodexCall(builder: TranscriptBuilder, item: JsonObject, place: Place, isDone: boolean): void {
  const callId = textAt(item, "id") ?? `line ${place.line}`;
  const changes = objectsAt(item, "changes").map((change) => textAt(change, "path") ?? "");
  const object = changes.length > 0 ? changes.join(", ") : toolObject(item);
  const input = JSON.stringify(item, undefined, 2);
  builder.call(place, { callId, tool: textAt(item, "type") ?? "a tool", input, object });
  if (!isDone) return;
  for (const path of changes) builder.touch(path, "write", place.line);
  const ok = !["failed", "declined"].includes(textAt(item, "status") ?? "");
  builder.result(callId, { ok, text: textAt(item, "aggregated_output") ?? "", line: place.line, to: undefined });
}

/** The lines of gemini: its text comes in pieces. */
export function readGeminiLine(builder: TranscriptBuilder, event: JsonObject, line: number, turn: string): boolean {
  const place: Place = { turn, line, at: momentAt(event, "timestamp") };
  switch (textAt(event, "type")) {
    case "message": {
      const text = textAt(event, "content") ?? "";
      if (textAt(event, "role") === "user") builder.person({ ...place, turn: `person ${line}` }, text);
      else builder.moreText(place, text);
      return true;
    }
    case "tool_use": {
      const callId = textAt(event, "tool_id");
      if (callId === undefined) return false;
      addCall(builder, place, {
        callId,
        tool: textAt(event, "tool_name") ?? "a tool",
        input: objectAt(event, "parameters"),
      });
      return true;
    }
    case "tool_result": {
      const ok = textAt(event, "status") !== "error";
      const text = textAt(event, "output") ?? textAt(objectAt(event, "error"), "message") ?? "";
      builder.result(textAt(event, "tool_id") ?? "", { ok, text, line, to: place.at });
      return true;
    }
    case "error":
      builder.note(place, textAt(event, "message") ?? "it failed", true);
      return true;
    default:
      return textAt(event, "type") === "init" || isJsonObject(event["stats"]);
  }
}

/** The lines of opencode: parts of messages, each step with what it cost. */
export function readOpencodeLine(builder: TranscriptBuilder, event: JsonObject, line: number): boolean {
  const part = objectAt(event, "part");
  const turn = textAt(part, "messageID") ?? `line ${line}`;
  const place: Place = { turn, line, at: momentAt(event, "timestamp") };
  switch (textAt(event, "type")) {
    case "text":
    case "reasoning":
      builder.text(place, textAt(event, "type") === "text" ? "text" : "thinking", textAt(part, "text") ?? "");
      return true;
    case "tool_use": {
      const callId = textAt(part, "callID");
      if (callId === undefined) return false;
      const state = objectAt(part, "state");
      const from = momentAt(objectAt(state, "time"), "start");
      const call = { callId, tool: textAt(part, "tool") ?? "a tool", input: objectAt(state, "input") };
      addCall(builder, { ...place, at: from }, call);
      const text = textAt(state, "output") ?? textAt(state, "error") ?? "";
      const to = momentAt(objectAt(state, "time"), "end");
      builder.result(callId, { ok: textAt(state, "status") !== "error", text, line, to });
      return true;
    }
    case "step_finish": {
      const tokens = objectAt(part, "tokens");
      const cache = objectAt(tokens, "cache");
      builder.spent(turn, undefined, {
        input: numberAt(tokens, "input"),
        output: numberAt(tokens, "output"),
        cacheRead: numberAt(cache, "read"),
        cacheWrite5m: numberAt(cache, "write"),
        cacheWrite1h: 0,
        reasoning: numberAt(tokens, "reasoning"),
      });
      return true;
    }
    case "error": {
      const error = objectAt(event, "error");
      builder.note(place, textAt(objectAt(error, "data"), "message") ?? textAt(error, "name") ?? "it failed", true);
      return true;
    }
    default:
      return textAt(event, "type") === "step_start";
  }
}

interface Call {
  readonly callId: string;
  readonly tool: string;
  readonly input: JsonObject;
}

function addCall(builder: TranscriptBuilder, place: Place, { callId, tool, input }: Call): void {
  builder.call(place, { callId, tool, input: JSON.stringify(input, undefined, 2), object: toolObject(input) });
  const use = fileUse(tool);
  const path = toolPath(input);
  if (use !== undefined && path !== undefined) builder.touch(path, use, place.line);
}
