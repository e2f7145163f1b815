import type { AgentEvent, ExitFacts, JsonObject } from "@claude-orchestrator/domain";
import type { AgentJob, AgentParser } from "@claude-orchestrator/engine/ports";
import { waitingFor } from "../shared/apiFailure.ts";
import { eventsOfLine, objectAt, oneLine, textAt, toolSummary } from "../shared/looseJson.ts";
import { exitFailure, geminiFailure, retryingAfter } from "./failure.ts";
import { geminiTotals } from "./stats.ts";

interface State {
  readonly job: AgentJob;
  readonly tools: Map<string, string>;
  /** Text not handed on yet: it arrives a few words at a time. */
  pending: string;
  /** Text since the last tool call: the answer, where nothing follows. */
  answer: string;
  settled: boolean;
  lastStderr: string | undefined;
}

/** One per process. Tokens come with the result, at the end; of a run without one they are not known. */
export function geminiParser(job: AgentJob): AgentParser {
  const state: State = { job, tools: new Map(), pending: "", answer: "", settled: false, lastStderr: undefined };
  return {
    stdoutLine: (text, droppedBytes) => eventsOfLine(text, droppedBytes, (line) => readLine(state, line, text)),
    stderrLine: (text) => readStderr(state, text),
    ended: (exit) => [...flush(state), ...atEnd(state, exit)],
  };
}

function readLine(state: State, line: JsonObject, text: string): readonly AgentEvent[] {
  const type = textAt(line, "type");
  if (type === "message") return message(state, line);
  return [...flush(state), ...readEvent(state, line, text)];
}

function readEvent(state: State, line: JsonObject, text: string): readonly AgentEvent[] {
  switch (textAt(line, "type")) {
    case "init": {
      const sessionId = textAt(line, "session_id");
      const model = textAt(line, "model");
      return [
        {
          type: "session",
          ...(sessionId === undefined ? {} : { sessionId }),
          ...(model === undefined ? {} : { model }),
        },
      ];
    }
    case "tool_use":
      return toolUse(state, line, text);
    case "tool_result":
      return toolResult(state, line);
    case "result":
      return result(state, line);
    case "error":
      return [{ type: "note", text: oneLine(textAt(line, "message") ?? "a warning without words", 500) }];
    default:
      return [{ type: "unreadable", line: text, why: "an event of unknown type" }];
  }
}

function message(state: State, line: JsonObject): readonly AgentEvent[] {
  if (textAt(line, "role") !== "assistant") return [];
  const text = textAt(line, "content") ?? "";
  state.pending += text;
  state.answer += text;
  return line["delta"] === true && !text.includes("\n") ? [] : flush(state);
}

function flush(state: State): readonly AgentEvent[] {
  const text = state.pending;
  state.pending = "";
  return text.trim() === "" ? [] : [{ type: "message", text }];
}

function toolUse(state: State, line: JsonObject, text: string): readonly AgentEvent[] {
  const callId = textAt(line, "tool_id");
  const tool = textAt(line, "tool_name");
  if (callId === undefined || tool === undefined)
    return [{ type: "unreadable", line: text, why: "a tool call without a name" }];
  state.tools.set(callId, tool);
  state.answer = "";
  return [{ type: "tool-started", callId, tool, summary: toolSummary(objectAt(line, "parameters")) }];
}

/** Tools that are offered to the model only where `permission_mode` grants them. */
const guarded = new Set(["run_shell_command", "write_file", "replace", "web_fetch", "activate_skill"]);

function toolResult(state: State, line: JsonObject): readonly AgentEvent[] {
  const callId = textAt(line, "tool_id") ?? "unknown";
  const error = objectAt(line, "error");
  const said = textAt(error, "message") ?? textAt(line, "output") ?? "";
  const tool = state.tools.get(callId) ?? "unknown";
  const kind = textAt(error, "type");
  const denied =
    kind === "policy_violation" ||
    (kind === "tool_not_registered" && guarded.has(tool)) ||
    /denied by policy/i.test(said);
  state.tools.delete(callId);
  return [
    {
      type: "tool-finished",
      callId,
      ok: textAt(line, "status") === "success",
      ...(said === "" ? {} : { summary: oneLine(said) }),
    },
    ...(denied ? [{ type: "denied", tool, reason: oneLine(said) } as const] : []),
  ];
}

function result(state: State, line: JsonObject): readonly AgentEvent[] {
  state.settled = true;
  const totals = geminiTotals(objectAt(line, "stats"));
  if (textAt(line, "status") === "success") return [...totals, { type: "finished", ok: true, result: state.answer }];
  const error = objectAt(line, "error");
  const failure = geminiFailure(textAt(error, "message") ?? "it reported an error without words");
  const kind = /TurnLimited/.test(textAt(error, "type") ?? "") ? ("max_turns" as const) : failure.kind;
  return [...totals, { type: "finished", ok: false, failure: { ...failure, kind } }];
}

const noise = /^(Warning: |Ripgrep is not|\[STARTUP\]|YOLO mode|Project hooks|Loaded cached|Data collection|\s|\}|\{)/;

function readStderr(state: State, text: string): readonly AgentEvent[] {
  const status = retryingAfter(text);
  if (status !== undefined) {
    const why = waitingFor(text, status === 0 ? undefined : status);
    return [{ type: "waiting", why, text: oneLine(text, 300) }];
  }
  if (text.trim() !== "" && !noise.test(text)) state.lastStderr = oneLine(text, 1000);
  return [];
}

function atEnd(state: State, exit: ExitFacts): readonly AgentEvent[] {
  if (state.settled || exit.code === undefined) return [];
  const failure = exitFailure(exit.code, state.lastStderr);
  return failure === undefined ? [] : [{ type: "finished", ok: false, failure }];
}
