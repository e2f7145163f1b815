import { noUsage } from "@claude-orchestrator/domain";
import type { AgentEvent, AgentFailure, ExitFacts, JsonObject } from "@claude-orchestrator/domain";
import type { AgentJob, AgentParser } from "@claude-orchestrator/engine/ports";
import { apiFailure } from "../shared/apiFailure.ts";
import { countAt, eventsOfLine, numberAt, objectAt, oneLine, textAt } from "../shared/looseJson.ts";
import { toolEvents } from "./tools.ts";

interface State {
  /** The model asked for, without its provider: the stream names none. */
  readonly model: string | undefined;
  sessionId: string | undefined;
  /** Text of the step at work; what the last one said is the result. */
  answer: string;
  /** Why the last finished step ended: `stop`, `tool-calls`, `length` … */
  lastReason: string | undefined;
  error: AgentFailure | undefined;
  deniedTool: string | undefined;
  steps: number;
  toldOfSubagents: boolean;
  lastStderr: string | undefined;
}

/** One per process. Tokens and cost come with each step; there is no final event, so the end is made of what came before it. */
export function opencodeParser(job: AgentJob): AgentParser {
  const { model } = job.instance;
  const state: State = {
    model: model?.slice(model.indexOf("/") + 1),
    sessionId: undefined,
    answer: "",
    lastReason: undefined,
    error: undefined,
    deniedTool: undefined,
    steps: 0,
    toldOfSubagents: false,
    lastStderr: undefined,
  };
  return {
    stdoutLine: (text, droppedBytes) => eventsOfLine(text, droppedBytes, (line) => readLine(state, line, text)),
    stderrLine: (text) => readStderr(state, text),
    ended: (exit) => atEnd(state, exit),
  };
}

function readLine(state: State, line: JsonObject, text: string): readonly AgentEvent[] {
  return [...session(state, line), ...readEvent(state, line, text)];
}

function session(state: State, line: JsonObject): readonly AgentEvent[] {
  const sessionId = textAt(line, "sessionID");
  if (sessionId === undefined || sessionId === state.sessionId) return [];
  state.sessionId = sessionId;
  return [{ type: "session", sessionId, ...(state.model === undefined ? {} : { model: state.model }) }];
}

function readEvent(state: State, line: JsonObject, text: string): readonly AgentEvent[] {
  const part = objectAt(line, "part");
  switch (textAt(line, "type")) {
    case "step_start":
      state.answer = "";
      state.lastReason = undefined;
      return [];
    case "text":
      state.answer += textAt(part, "text") ?? "";
      return [{ type: "message", text: textAt(part, "text") ?? "" }];
    case "reasoning":
      return [{ type: "thinking", text: textAt(part, "text") ?? "" }];
    case "tool_use":
      return toolUse(state, part, text);
    case "step_finish":
      return stepFinished(state, part);
    case "error":
      state.error = failureOf(objectAt(line, "error"));
      return [{ type: "note", text: oneLine(state.error.message, 500) }];
    default:
      return [{ type: "unreadable", line: text, why: "an event of unknown type" }];
  }
}

function toolUse(state: State, part: JsonObject, text: string): readonly AgentEvent[] {
  const events = toolEvents(part);
  if (events.length === 0) return [{ type: "unreadable", line: text, why: "a tool call without a name" }];
  const denied = events.find((event) => event.type === "denied");
  state.deniedTool = denied?.tool;
  if (textAt(part, "tool") !== "task" || state.toldOfSubagents) return events;
  state.toldOfSubagents = true;
  return [
    ...events,
    { type: "note", text: "opencode does not tell the tokens of its sub-agents: they are not counted" },
  ];
}

/** `output` leaves the thinking out here; `input` leaves out the cache. A cost of 0 is a model without a known price. */
function stepFinished(state: State, part: JsonObject): readonly AgentEvent[] {
  state.steps += 1;
  state.lastReason = textAt(part, "reason") ?? "unknown";
  state.error = undefined;
  const tokens = objectAt(part, "tokens");
  const cache = objectAt(tokens, "cache");
  const reasoning = countAt(tokens, "reasoning");
  const cost = numberAt(part, "cost");
  const usage = {
    ...noUsage,
    input: countAt(tokens, "input"),
    output: countAt(tokens, "output") + reasoning,
    cacheRead: countAt(cache, "read"),
    cacheWrite5m: countAt(cache, "write"),
    reasoning,
  };
  const price = cost === undefined || cost <= 0 ? {} : { costUsd: cost };
  return [{ type: "totals", byModel: [{ model: state.model ?? "unknown", usage, ...price }] }];
}

function failureOf(error: JsonObject): AgentFailure {
  const data = objectAt(error, "data");
  const message =
    textAt(data, "message") ?? textAt(error, "message") ?? textAt(error, "name") ?? "an error without words";
  if (textAt(error, "name") === "ProviderAuthError") return { kind: "authentication", message };
  if (textAt(error, "name") === "MessageOutputLengthError") return { kind: "agent_error", message };
  return apiFailure(message, numberAt(data, "statusCode"));
}

function readStderr(state: State, text: string): readonly AgentEvent[] {
  const plain = withoutColour(text).trim();
  if (/^Error\b/.test(plain)) state.lastStderr = oneLine(plain.replace(/^Error:\s*/, ""), 1000);
  return [];
}

function withoutColour(text: string): string {
  const escape = String.fromCharCode(27);
  return text.replaceAll(new RegExp(`${escape}\\[[0-9;]*m`, "g"), "");
}

function atEnd(state: State, exit: ExitFacts): readonly AgentEvent[] {
  if (exit.signal !== undefined || exit.spawnError !== undefined) return [];
  const failure = state.error ?? failureAtEnd(state, exit);
  if (failure !== undefined) return [{ type: "finished", ok: false, turns: state.steps, failure }];
  const mayBeDone = exit.code === 0 || exit.lost === true;
  const isDone = mayBeDone && state.lastReason !== undefined && state.lastReason !== "tool-calls";
  return isDone ? [{ type: "finished", ok: true, result: state.answer, turns: state.steps }] : [];
}

function failureAtEnd(state: State, exit: ExitFacts): AgentFailure | undefined {
  if (exit.lost === true) return undefined;
  return exit.code === 0 ? unfinished(state) : startFailure(state);
}

/** Exit 0 in the middle of the work: a refused permission ends the run so, and nothing is said. */
function unfinished({ lastReason, deniedTool }: State): AgentFailure | undefined {
  if (lastReason === "length")
    return { kind: "agent_error", message: "the answer was cut at the model's output limit" };
  if (lastReason === "content-filter") return { kind: "refusal", message: "the model refused to answer" };
  if (lastReason === "tool-calls" && deniedTool !== undefined) {
    return { kind: "permission", message: `permission for ${deniedTool} was refused, and opencode ended there` };
  }
  return undefined;
}

function startFailure({ lastStderr }: State): AgentFailure | undefined {
  if (lastStderr === undefined) return undefined;
  if (/session not found/i.test(lastStderr)) return { kind: "session_not_found", message: lastStderr };
  return apiFailure(lastStderr);
}
