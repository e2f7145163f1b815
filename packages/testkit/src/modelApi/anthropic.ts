import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import type { Conversation } from "./conversation.ts";
import { pieceCount, piecesOf, type Answer, type Block, type Dialect, type Frame } from "./dialect.ts";
import { objectAt, objectsAt, objectsOf, textAt, textOfContent } from "./jsonReading.ts";

/** Anthropic's Messages API, as far as coding agents use it. */
export const anthropic: Dialect = { read, whole, frames, refusal, streamError };

const signature = "bW9jaw==";

function read(body: JsonObject): Conversation {
  const messages = objectsAt(body, "messages");
  const lastModel = messages.findLastIndex((message) => message["role"] === "assistant");
  const lastPrompt = messages.findLastIndex(isPrompt);
  return {
    api: "anthropic",
    model: textAt(body, "model"),
    stream: body["stream"] === true,
    turn: messages.slice(lastPrompt + 1).filter((message) => message["role"] === "assistant").length,
    turns: messages.filter((message) => message["role"] === "assistant").length,
    prompts: messages.filter(isPrompt).map((message) => textOfContent(message["content"])),
    system: [
      textOfContent(body["system"]),
      ...messages.filter((message) => message["role"] === "system").map((message) => textOfContent(message["content"])),
    ].join("\n"),
    tools: objectsAt(body, "tools").map((tool) => ({
      name: textAt(tool, "name"),
      schema: objectAt(tool, "input_schema"),
      custom: false,
    })),
    toolResults: messages.slice(lastModel + 1).flatMap(toolResults),
  };
}

/** A user message that brings tool results is the machine speaking, not a prompt. */
function isPrompt(message: JsonObject): boolean {
  return message["role"] === "user" && toolResults(message).length === 0;
}

function toolResults(message: JsonObject): readonly string[] {
  return objectsOf(message["content"])
    .filter((block) => block["type"] === "tool_result")
    .map((block) => textOfContent(block["content"]));
}

function whole(answer: Answer): JsonValue {
  return {
    ...envelope(answer),
    content: answer.blocks.map((block) => contentBlock(block)),
    stop_reason: stopReason(answer),
    usage: usageOf(answer),
  };
}

function frames(answer: Answer): readonly Frame[] {
  const usage = usageOf(answer);
  return [
    frame("message_start", {
      message: { ...envelope(answer), content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    }),
    frame("ping", {}),
    ...answer.blocks.flatMap((block, index) => blockFrames(block, index, pieceCount(answer.message))),
    frame("message_delta", {
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      usage: {
        input_tokens: usage.input_tokens,
        cache_creation_input_tokens: usage.cache_creation_input_tokens,
        cache_read_input_tokens: usage.cache_read_input_tokens,
        output_tokens: usage.output_tokens,
      },
    }),
    frame("message_stop", {}),
  ];
}

function blockFrames(block: Block, index: number, pieces: number): readonly Frame[] {
  const delta = (fields: JsonObject): Frame => ({
    ...frame("content_block_delta", { index, delta: fields }),
    piece: true,
  });
  const text = block.kind === "call" ? JSON.stringify(block.input) : block.text;
  return [
    frame("content_block_start", { index, content_block: { ...contentBlock(block), ...emptied(block) } }),
    ...piecesOf(text, pieces).map((piece) => delta(deltaOf(block, piece))),
    ...(block.kind === "thinking"
      ? [frame("content_block_delta", { index, delta: { type: "signature_delta", signature } })]
      : []),
    frame("content_block_stop", { index }),
  ];
}

function deltaOf(block: Block, piece: string): JsonObject {
  switch (block.kind) {
    case "text":
      return { type: "text_delta", text: piece };
    case "thinking":
      return { type: "thinking_delta", thinking: piece };
    case "call":
      return { type: "input_json_delta", partial_json: piece };
  }
}

function emptied(block: Block): JsonObject {
  switch (block.kind) {
    case "text":
      return { text: "" };
    case "thinking":
      return { thinking: "", signature: "" };
    case "call":
      return { input: {} };
  }
}

function contentBlock(block: Block): JsonObject {
  switch (block.kind) {
    case "text":
      return { type: "text", text: block.text };
    case "thinking":
      return { type: "thinking", thinking: block.text, signature };
    case "call":
      return { type: "tool_use", id: `toolu_${block.id}`, name: block.name, input: block.input };
  }
}

function envelope(answer: Answer): JsonObject {
  return {
    id: `msg_${answer.id}`,
    type: "message",
    role: "assistant",
    model: answer.conversation.model,
    stop_sequence: null,
  };
}

function stopReason(answer: Answer): string {
  if (answer.blocks.some((block) => block.kind === "call")) return "tool_use";
  return answer.message.stop ?? "end_turn";
}

function usageOf({ message: { usage } }: Answer) {
  return {
    input_tokens: usage.input,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: usage.cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: usage.output,
    service_tier: "standard",
  };
}

function frame(event: string, fields: JsonObject): Frame {
  return { event, data: { type: event, ...fields } };
}

function refusal({ status, type, message }: { status: number; type: string; message: string }) {
  return { status, body: { type: "error", error: { type, message }, request_id: "req_mock" } };
}

function streamError({ type, message }: { type: string; message: string }): readonly Frame[] {
  return [frame("error", { error: { type, message } })];
}
