import type { JsonObject, TokenUsage } from "@claude-orchestrator/domain";
import type { AnswerNews, AskedRequest, Dialect } from "./dialect.ts";
import { countIn, defined, hasKey, hasObject, lengthIn, objectIn, objectsIn, textIn } from "./looseJson.ts";

/** Anthropic's Messages API. */
export const anthropic: Dialect = {
  name: "anthropic",
  readRequest,
  readAnswer,
  // The one status at which Claude Code ends at once, shows our sentence as it is, and stays resumable.
  refusal: (message) => ({ status: 402, body: { type: "error", error: { type: "budget_exceeded", message } } }),
};

/** Tools with a type of their own that the agent runs itself, or that cost nothing beside their tokens. */
const ownTools = /^(?:custom$|bash_|text_editor_|computer_|memory_|tool_search_)/;

const outside = new Set(["file_id", "url"]);

function readRequest(body: JsonObject): AskedRequest {
  const unpriced = unpricedIn(body);
  return {
    ...defined({ model: textIn(body, "model"), maxOutput: countIn(body, "max_tokens") }),
    cacheWrites: cacheWritesOf(body),
    pointsOutside: sourcesOf(body).some((source) => Object.keys(source).some((key) => outside.has(key))),
    ...(unpriced === undefined ? {} : { unpriced }),
  };
}

function unpricedIn(body: JsonObject): string | undefined {
  const tool = objectsIn(body, "tools").find((each) => !ownTools.test(textIn(each, "type") ?? "custom"));
  if (tool !== undefined) return `the tool ${textIn(tool, "name") ?? "of the API"}, which the API runs`;
  if (textIn(body, "speed") === "fast") return "the fast mode";
  return objectsIn(body, "mcp_servers").length > 0 ? "MCP servers that the API calls" : undefined;
}

/** Images and documents are given whole, by an address or as a file kept there. */
function sourcesOf(body: JsonObject): readonly JsonObject[] {
  const blocks = objectsIn(body, "messages").flatMap((message) => objectsIn(message, "content"));
  return [...blocks, ...blocks.flatMap((block) => objectsIn(block, "content"))].map((block) =>
    objectIn(block, "source"),
  );
}

const cacheControl = new Set(["cache_control"]);

/** Who asks for a cache for an hour pays twice the price of input for what is written to it. */
function cacheWritesOf(body: JsonObject): AskedRequest["cacheWrites"] {
  const { messages, system, tools } = body;
  if (!hasKey([messages ?? null, system ?? null, tools ?? null, body], cacheControl)) return "none";
  const cached = [messages ?? null, system ?? null, tools ?? null, body["cache_control"] ?? null];
  return hasObject(cached, (each) => each["ttl"] === "1h") ? "1h" : "5m";
}

function readAnswer(value: JsonObject): AnswerNews {
  switch (value["type"]) {
    case "message":
      return { ...messageNews(value), isLast: true };
    case "message_start":
      return messageNews(objectIn(value, "message"));
    case "content_block_delta": {
      const delta = objectIn(value, "delta");
      return { outputLength: lengthIn(delta, "text") + lengthIn(delta, "thinking") + lengthIn(delta, "partial_json") };
    }
    case "message_delta":
      return {
        ...usageNews(objectIn(value, "usage")),
        ...(textIn(objectIn(value, "delta"), "stop_reason") === undefined ? {} : { isLast: true }),
      };
    case "message_stop":
      return { isLast: true };
    case "error":
      return { isFailure: true };
    default:
      return {};
  }
}

function messageNews(message: JsonObject): AnswerNews {
  return { ...defined({ model: textIn(message, "model") }), ...usageNews(objectIn(message, "usage")) };
}

function usageNews(usage: JsonObject): AnswerNews {
  const beside = objectIn(usage, "server_tool_use");
  const isChargedBeside = Object.keys(beside).some((kind) => (countIn(beside, kind) ?? 0) > 0);
  const isDearer = textIn(usage, "speed") === "fast";
  return { usage: readUsage(usage), ...(isChargedBeside || isDearer ? { isChargedBeside: true } : {}) };
}

/** Writes for an hour are told apart only in `cache_creation`; without it all count as writes for five minutes. */
function readUsage(usage: JsonObject): Partial<TokenUsage> {
  const writes = countIn(usage, "cache_creation_input_tokens");
  const forAnHour = countIn(objectIn(usage, "cache_creation"), "ephemeral_1h_input_tokens");
  const isSplit = writes !== undefined && forAnHour !== undefined;
  return defined({
    input: countIn(usage, "input_tokens"),
    output: countIn(usage, "output_tokens"),
    cacheRead: countIn(usage, "cache_read_input_tokens"),
    cacheWrite5m: isSplit ? Math.max(0, writes - forAnHour) : writes,
    cacheWrite1h: forAnHour,
  });
}
