import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import type { FakeScript } from "./script.ts";

/** Lines as Claude Code 2.1 prints them with `--output-format stream-json`, with the fields that matter. Nothing is random. */

export const fakeSession = "00000000-0000-4000-8000-000000000001";
const fakeModel = "claude-haiku-5-5";

export interface LineTokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

const fewTokens: LineTokens = { input: 1200, output: 42, cacheRead: 0, cacheWrite: 0 };

export function initLine(fields: JsonObject = {}): JsonObject {
  return {
    type: "system",
    subtype: "init",
    cwd: "/",
    session_id: fakeSession,
    tools: ["Bash", "Read", "Write"],
    mcp_servers: [],
    model: fakeModel,
    permissionMode: "default",
    slash_commands: [],
    apiKeySource: "ANTHROPIC_API_KEY",
    claude_code_version: "2.1.330",
    uuid: "00000000-0000-4000-8000-000000000002",
    ...fields,
  };
}

export function textLine(text: string, options: { readonly id?: string; readonly tokens?: Partial<LineTokens> } = {}) {
  return assistantLine(options.id ?? "msg_fake_1", { type: "text", text }, { ...fewTokens, ...options.tokens });
}

export function toolUseLine(
  name: string,
  input: JsonObject,
  options: { readonly id?: string; readonly messageId?: string; readonly tokens?: Partial<LineTokens> } = {},
): JsonObject {
  const block = { type: "tool_use", id: options.id ?? "toolu_fake_1", name, input };
  return assistantLine(options.messageId ?? "msg_fake_1", block, { ...fewTokens, ...options.tokens });
}

export function toolResultLine(content: JsonValue, options: { readonly id?: string; readonly isError?: boolean } = {}) {
  const block = {
    type: "tool_result",
    tool_use_id: options.id ?? "toolu_fake_1",
    content,
    is_error: options.isError ?? false,
  };
  return {
    type: "user",
    message: { role: "user", content: [block] },
    parent_tool_use_id: null,
    session_id: fakeSession,
  };
}

/** The last line of a turn. `fields` wins: `is_error`, `subtype`, `api_error_status`, `structured_output` and the like. */
export function resultLine(
  result: string,
  options: { readonly costUsd?: number; readonly tokens?: Partial<LineTokens>; readonly fields?: JsonObject } = {},
): JsonObject {
  const tokens = { ...fewTokens, ...options.tokens };
  const byModel = { [fakeModel]: modelUsage(tokens, options.costUsd ?? 0.001) };
  return {
    duration_api_ms: 1,
    type: "result",
    subtype: "success",
    is_error: false,
    result,
    stop_reason: "end_turn",
    terminal_reason: "completed",
    num_turns: 1,
    duration_ms: 2,
    session_id: fakeSession,
    total_cost_usd: options.costUsd ?? 0.001,
    usage: usageOf(tokens),
    modelUsage: byModel,
    model_usage_since_last_result: byModel,
    permission_denials: [],
    ...options.fields,
  };
}

/** A whole run that answers with one text and exits 0. */
export function answeringScript(text: string): FakeScript {
  return [initLine(), textLine(text), resultLine(text)].map((line) => ({ do: "emit", line }));
}

function assistantLine(id: string, block: JsonObject, tokens: LineTokens): JsonObject {
  return {
    type: "assistant",
    message: {
      id,
      type: "message",
      role: "assistant",
      model: fakeModel,
      content: [block],
      stop_reason: null,
      stop_sequence: null,
      usage: usageOf(tokens),
    },
    parent_tool_use_id: null,
    session_id: fakeSession,
  };
}

function usageOf(tokens: LineTokens): JsonObject {
  return {
    input_tokens: tokens.input,
    cache_creation_input_tokens: tokens.cacheWrite,
    cache_read_input_tokens: tokens.cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: tokens.cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: tokens.output,
  };
}

function modelUsage(tokens: LineTokens, costUSD: number): JsonObject {
  return {
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    thinkingTokens: 0,
    cacheReadInputTokens: tokens.cacheRead,
    cacheCreationInputTokens: tokens.cacheWrite,
    cacheCreationEphemeral5mInputTokens: tokens.cacheWrite,
    cacheCreationEphemeral1hInputTokens: 0,
    webSearchRequests: 0,
    costUSD,
    canonicalModel: fakeModel,
    costBasis: "list",
  };
}
