import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import type { Conversation } from "./conversation.ts";
import { pieceCount, piecesOf, type Answer, type ApiError, type Dialect, type Frame } from "./dialect.ts";
import { objectAt, objectsAt, textAt, textOfContent } from "./jsonReading.ts";

/** OpenAI's Chat Completions API, which many other CLIs and local servers speak. */
export const openaiChat: Dialect = { read, whole, frames, refusal, streamError };

/** A fixed moment: nothing reads it, and answers stay the same from run to run. */
const created = 1_767_225_600;

function read(body: JsonObject): Conversation {
  const messages = objectsAt(body, "messages");
  const isModel = (message: JsonObject): boolean => message["role"] === "assistant";
  const isPrompt = (message: JsonObject): boolean => message["role"] === "user";
  const format = objectAt(body, "response_format");
  return {
    api: "openai-chat",
    model: textAt(body, "model"),
    stream: body["stream"] === true,
    turn: messages.slice(messages.findLastIndex(isPrompt) + 1).filter(isModel).length,
    turns: messages.filter(isModel).length,
    prompts: messages.filter(isPrompt).map((message) => textOfContent(message["content"])),
    system: messages
      .filter((message) => message["role"] === "system" || message["role"] === "developer")
      .map((message) => textOfContent(message["content"]))
      .join("\n"),
    tools: objectsAt(body, "tools").map((tool) => ({
      name: textAt(objectAt(tool, "function"), "name"),
      schema: objectAt(objectAt(tool, "function"), "parameters"),
      custom: false,
    })),
    toolResults: messages
      .slice(messages.findLastIndex(isModel) + 1)
      .filter((message) => message["role"] === "tool")
      .map((message) => textOfContent(message["content"])),
    ...(format["type"] === "json_schema" ? { outputSchema: objectAt(objectAt(format, "json_schema"), "schema") } : {}),
  };
}

function whole(answer: Answer): JsonValue {
  const calls = callsOf(answer);
  const message = {
    role: "assistant",
    content: textOf(answer),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    ...envelope(answer, "chat.completion"),
    choices: [{ index: 0, message, finish_reason: finishReason(answer) }],
    usage: usageOf(answer),
  };
}

function frames(answer: Answer): readonly Frame[] {
  const calls = callsOf(answer);
  const chunk = (delta: JsonObject, finish_reason: string | null = null): Frame => ({
    data: { ...envelope(answer, "chat.completion.chunk"), choices: [{ index: 0, delta, finish_reason }] },
  });
  return [
    chunk({ role: "assistant", content: "" }),
    ...piecesOf(textOf(answer), pieceCount(answer.message)).map((content): Frame => ({
      ...chunk({ content }),
      piece: true,
    })),
    ...(calls.length === 0 ? [] : [chunk({ tool_calls: calls })]),
    chunk({}, finishReason(answer)),
    { data: { ...envelope(answer, "chat.completion.chunk"), choices: [], usage: usageOf(answer) } },
    { data: "[DONE]" },
  ];
}

function textOf(answer: Answer): string {
  return answer.blocks.flatMap((block) => (block.kind === "text" ? [block.text] : [])).join("\n");
}

function callsOf(answer: Answer): readonly JsonObject[] {
  return answer.blocks
    .flatMap((block) => (block.kind === "call" ? [block] : []))
    .map((block, index) => ({
      index,
      id: `call_${block.id}`,
      type: "function",
      function: { name: block.name, arguments: JSON.stringify(block.input) },
    }));
}

function finishReason(answer: Answer): string {
  if (answer.blocks.some((block) => block.kind === "call")) return "tool_calls";
  if (answer.message.stop === "max_tokens") return "length";
  return answer.message.stop === "refusal" ? "content_filter" : "stop";
}

function envelope(answer: Answer, object: string): JsonObject {
  return { id: `chatcmpl-${answer.id}`, object, created, model: answer.conversation.model };
}

function usageOf({ message: { usage } }: Answer): JsonObject {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.output,
    total_tokens: prompt + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead },
  };
}

function refusal({ status, type, message }: ApiError) {
  return { status, body: { error: { message, type, code: type } } };
}

function streamError({ type, message }: ApiError): readonly Frame[] {
  return [{ data: { error: { message, type, code: type } } }];
}
