import { isJsonObject } from "@claude-orchestrator/domain";
import type { JsonObject } from "@claude-orchestrator/domain";
import { readClaudeLine } from "./claudeLines.ts";
import { textAt } from "./looseJson.ts";
import { readCodexLine, readGeminiLine, readOpencodeLine } from "./otherLines.ts";
import { TranscriptBuilder } from "./transcriptBuilder.ts";
import type { Transcript } from "./transcriptBuilder.ts";

export interface TranscriptLine {
  /** From 1, as the log counts. */
  readonly number: number;
  readonly text: string;
}

/**
 * What an agent said and did, of what it printed. Never throws: a line that is no event, or of a kind not known, is counted,
 * and the log has it. Text stays text.
 */
export function readTranscript(lines: readonly TranscriptLine[]): Transcript {
  const builder = new TranscriptBuilder();
  let geminiTurn = 1;
  for (const { number, text } of lines) {
    if (text.trim() === "") continue;
    const event = parsed(text);
    if (event === undefined) {
      builder.pass();
      continue;
    }
    // What comes after a result of gemini's tools is a new answer.
    if (event["type"] === "tool_result") geminiTurn = number;
    const isRead = readLine(builder, event, number, `answer ${geminiTurn}`);
    if (!isRead) builder.pass();
  }
  return builder.finish();
}

/** Agents are told apart by their lines, not by their names: whatever prints as one of them does is read. */
function readLine(builder: TranscriptBuilder, event: JsonObject, line: number, turn: string): boolean {
  if (event["part"] !== undefined || event["sessionID"] !== undefined) return readOpencodeLine(builder, event, line);
  if (textAt(event, "session_id") !== undefined && readClaudeLine(builder, event, line)) return true;
  return (
    readClaudeLine(builder, event, line) ||
    (event["timestamp"] !== undefined && readGeminiLine(builder, event, line, turn)) ||
    readCodexLine(builder, event, line) ||
    heardOf.has(textAt(event, "type") ?? "")
  );
}

/** Of Claude Code's: kinds that say nothing for a reader. */
const heardOf = new Set([
  "auth_status",
  "command_lifecycle",
  "control_cancel_request",
  "control_request",
  "control_response",
  "keep_alive",
  "prompt_suggestion",
  "rate_limit_event",
  "tool_progress",
  "tool_use_summary",
]);

function parsed(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
