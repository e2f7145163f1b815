import { noUsage, subtractUsage } from "@claude-orchestrator/domain";
import type { AgentEvent, AgentFailure, ExitFacts, JsonObject, TokenUsage } from "@claude-orchestrator/domain";
import type { AgentJob, AgentParser } from "@claude-orchestrator/engine/ports";
import { waitingFor } from "../shared/apiFailure.ts";
import { countAt, eventsOfLine, objectAt, oneLine, readJson, textAt } from "../shared/looseJson.ts";
import { codexFailure, reconnecting, startFailure } from "./failure.ts";
import { itemSummary, toolEnd, toolOf } from "./items.ts";

interface State {
  readonly job: AgentJob;
  readonly openTools: Set<string>;
  lastMessage: string | undefined;
  /** An error codex printed that no turn.failed has repeated yet. */
  error: AgentFailure | undefined;
  /** The thread's cumulative count as last told. Undefined: a resumed thread whose count before this is not known. */
  counted: TokenUsage | undefined;
  turns: number;
  settled: boolean;
  lastStderr: string | undefined;
}

/** One per process. Codex tells tokens at a turn's end only, cumulative over the thread, and neither cost nor model. */
export function codexParser(job: AgentJob): AgentParser {
  const state: State = {
    job,
    openTools: new Set(),
    lastMessage: undefined,
    error: undefined,
    counted: job.resumeSession === undefined ? noUsage : job.countedBefore,
    turns: 0,
    settled: false,
    lastStderr: undefined,
  };
  return {
    stdoutLine: (text, droppedBytes) => eventsOfLine(text, droppedBytes, (line) => readLine(state, line, text)),
    stderrLine: (text) => readStderr(state, text),
    ended: (exit) => atEnd(state, exit),
  };
}

function readLine(state: State, line: JsonObject, text: string): readonly AgentEvent[] {
  switch (textAt(line, "type")) {
    case "thread.started":
      return threadStarted(state, line);
    case "turn.started":
      return [];
    case "item.started":
      return itemStarted(state, objectAt(line, "item"));
    case "item.updated":
      return [];
    case "item.completed":
      return itemCompleted(state, objectAt(line, "item"), text);
    case "turn.completed":
      return turnCompleted(state, objectAt(line, "usage"));
    case "turn.failed":
      return turnFailed(state, codexFailure(textAt(objectAt(line, "error"), "message") ?? "the turn failed"));
    case "error":
      return errorLine(state, textAt(line, "message") ?? "an error without a message");
    default:
      return [{ type: "unreadable", line: text, why: "an event of unknown type" }];
  }
}

function threadStarted({ job }: State, line: JsonObject): readonly AgentEvent[] {
  const sessionId = textAt(line, "thread_id");
  const { model } = job.instance;
  return [
    { type: "session", ...(sessionId === undefined ? {} : { sessionId }), ...(model === undefined ? {} : { model }) },
  ];
}

function itemStarted(state: State, item: JsonObject): readonly AgentEvent[] {
  const tool = toolOf(item);
  const callId = textAt(item, "id");
  if (tool === undefined || callId === undefined || state.openTools.has(callId)) return [];
  state.openTools.add(callId);
  return [{ type: "tool-started", callId, tool, summary: itemSummary(item) }];
}

function itemCompleted(state: State, item: JsonObject, line: string): readonly AgentEvent[] {
  const text = textAt(item, "text") ?? "";
  switch (textAt(item, "type")) {
    case "agent_message":
      state.lastMessage = text;
      return [{ type: "message", text }];
    case "reasoning":
      return [{ type: "thinking", text }];
    case "error":
      return [{ type: "note", text: oneLine(textAt(item, "message") ?? "a warning without words", 500) }];
    case "todo_list":
      return [];
    default:
      return toolCompleted(state, item, line);
  }
}

function toolCompleted(state: State, item: JsonObject, line: string): readonly AgentEvent[] {
  const tool = toolOf(item);
  const callId = textAt(item, "id");
  if (tool === undefined || callId === undefined) return [{ type: "unreadable", line, why: "an item of unknown type" }];
  const started = itemStarted(state, item);
  state.openTools.delete(callId);
  return [...started, ...toolEnd(item, callId, tool)];
}

function turnCompleted(state: State, usage: JsonObject): readonly AgentEvent[] {
  state.turns += 1;
  state.settled = true;
  state.error = undefined;
  const { jsonSchema } = state.job.instance;
  const result = state.lastMessage;
  const structured = jsonSchema === undefined || result === undefined ? undefined : readJson(result);
  return [
    ...countTurn(state, usage),
    {
      type: "finished",
      ok: true,
      ...(result === undefined ? {} : { result }),
      ...(structured === undefined ? {} : { structured }),
      turns: state.turns,
    },
  ];
}

/** `input_tokens` includes what was read from and written to the cache, and the count runs over the whole thread. */
function countTurn(state: State, usage: JsonObject): readonly AgentEvent[] {
  const cacheRead = countAt(usage, "cached_input_tokens");
  const cacheWrite = countAt(usage, "cache_write_input_tokens");
  const total: TokenUsage = {
    ...noUsage,
    input: Math.max(0, countAt(usage, "input_tokens") - cacheRead - cacheWrite),
    output: countAt(usage, "output_tokens"),
    cacheRead,
    cacheWrite5m: cacheWrite,
    reasoning: countAt(usage, "reasoning_output_tokens"),
  };
  const before = state.counted;
  state.counted = total;
  if (before === undefined) {
    return [
      { type: "note", text: "codex counts tokens over the whole session: what this turn alone used is not known" },
    ];
  }
  return [
    {
      type: "totals",
      byModel: [{ model: state.job.instance.model ?? "unknown", usage: subtractUsage(total, before) }],
    },
  ];
}

function turnFailed(state: State, failure: AgentFailure): readonly AgentEvent[] {
  state.settled = true;
  state.error = undefined;
  return [{ type: "finished", ok: false, failure }];
}

function errorLine(state: State, message: string): readonly AgentEvent[] {
  const why = reconnecting(message);
  if (why !== undefined) {
    return [{ type: "waiting", why: waitingFor(why, codexFailure(why).status), text: oneLine(message, 500) }];
  }
  state.error = codexFailure(message);
  return [{ type: "note", text: oneLine(state.error.message, 500) }];
}

function readStderr(state: State, text: string): readonly AgentEvent[] {
  if (text.includes("Refusing to create helper binaries")) {
    return [
      {
        type: "note",
        text: "codex cannot sandbox commands with CODEX_HOME (or HOME) under a temporary folder: they fail without a word",
      },
    ];
  }
  if (/^(error|Error|ERROR)\b|^Not inside/.test(text)) state.lastStderr = text;
  return [];
}

function atEnd(state: State, exit: ExitFacts): readonly AgentEvent[] {
  if (state.settled || exit.signal !== undefined || exit.spawnError !== undefined) return [];
  if (state.error !== undefined) return [{ type: "finished", ok: false, failure: state.error }];
  if (exit.code === 0 || exit.lost === true || state.lastStderr === undefined) return [];
  const line = oneLine(state.lastStderr, 1000);
  return [{ type: "finished", ok: false, failure: startFailure(line, exit.code) }];
}
