import type { AgentEvent, ExitFacts, JsonObject } from "@claude-orchestrator/domain";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { AgentJob, AgentParser } from "@claude-orchestrator/engine/ports";
import { oneLine, textAt } from "../shared/looseJson.ts";
import { continuesSession } from "./invocation.ts";
import { fromAssistant, fromStreamEvent, fromUser } from "./messages.ts";
import { atEnd, fromResult } from "./result.ts";
import { newState, type ParserState } from "./state.ts";
import { fromRateLimit, fromSystem } from "./system.ts";

/**
 * Piece of an answer while it is being written: nine lines of ten in a busy run. The whole block follows as an `assistant`
 * event, so the line is not even parsed. Only skipping depends on this prefix: a line that does not have it is read.
 */
const answerPiece = '{"type":"stream_event","event":{"type":"content_block_delta"';

const keptStderrLines = 20;

/** One per process. Several `init` and `result` events are normal: one per turn. */
export function claudeParser(job: AgentJob): AgentParser {
  const { work, jsonSchema } = job.instance;
  const state = newState({
    turnsAsked: work.kind === "prompt" ? work.before.length + 1 : 1,
    schemaAsked: jsonSchema !== undefined,
    continues: continuesSession(job),
  });
  return {
    stdoutLine: (text, droppedBytes) => readLine(state, text, droppedBytes),
    stderrLine: (text) => readStderr(state, text),
    ended: (exit: ExitFacts) => atEnd(state, exit),
  };
}

function readLine(state: ParserState, text: string, droppedBytes: number): readonly AgentEvent[] {
  if (text.startsWith(answerPiece)) return [];
  if (text.trim() === "") return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const why = droppedBytes > 0 ? `too long a line: ${droppedBytes} bytes of it are left out` : "not JSON";
    return [unreadable(text, why)];
  }
  if (isJsonObject(value)) return readEvent(state, value, text);
  // `--output-format json --verbose` prints all events as one array.
  if (Array.isArray(value) && value.some(isJsonObject)) {
    return value.flatMap((each: unknown) => (isJsonObject(each) ? readEvent(state, each, text) : []));
  }
  return [unreadable(text, "not a JSON object")];
}

function readEvent(state: ParserState, event: JsonObject, text: string): readonly AgentEvent[] {
  const type = textAt(event, "type");
  switch (type) {
    case "assistant":
      return fromAssistant(state, event);
    case "user":
      return fromUser(state, event);
    case "stream_event":
      return fromStreamEvent(state, event);
    case "system":
      return fromSystem(state, event);
    case "result":
      return fromResult(state, event);
    case "rate_limit_event":
      return fromRateLimit(state, event);
    default:
      return type !== undefined && heardOf.has(type) ? [] : [unreadable(text, "an event of a kind not known")];
  }
}

/** Kinds that say nothing we need. */
const heardOf = new Set([
  "auth_status",
  "command_lifecycle",
  "control_cancel_request",
  "control_request",
  "control_response",
  "keep_alive",
  "prompt_suggestion",
  "tool_progress",
  "tool_use_summary",
]);

function readStderr(state: ParserState, text: string): readonly AgentEvent[] {
  if (text.trim() === "") return [];
  const unknownModel = /^\[claude-code:unrecognized_model\].*"model":"([^"]{1,200})"/.exec(text)?.[1];
  if (unknownModel !== undefined) {
    return [
      { type: "note", text: `Claude Code does not know the model ${unknownModel}: its dollar figures are a guess` },
    ];
  }
  state.stderr.push(text.slice(0, 1000));
  if (state.stderr.length > keptStderrLines) state.stderr.shift();
  return [];
}

function unreadable(line: string, why: string): AgentEvent {
  return { type: "unreadable", line: oneLine(line, 500), why };
}
