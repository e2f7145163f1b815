import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import type { Conversation } from "./conversation.ts";
import { pieceCount, piecesOf, type Answer, type ApiError, type Block, type Dialect, type Frame } from "./dialect.ts";
import { objectAt, objectsAt, textAt, textOfContent } from "./jsonReading.ts";

/** OpenAI's Responses API, as codex uses it. */
export const openaiResponses: Dialect = { read, whole, frames, refusal, streamError };

/** A fixed moment: nothing reads it, and answers stay the same from run to run. */
const createdAt = 1_767_225_600;

function read(body: JsonObject): Conversation {
  const items = itemsOf(body);
  const lastPrompt = items.findLastIndex(isPrompt);
  const lastModel = items.findLastIndex(isModelTurn);
  return {
    api: "openai-responses",
    model: textAt(body, "model"),
    stream: body["stream"] === true,
    turn: items.slice(lastPrompt + 1).filter(isCall).length,
    turns: items.filter(isModelTurn).length,
    prompts: items.filter(isPrompt).map((item) => textOfContent(item["content"])),
    system: [
      textAt(body, "instructions"),
      ...items
        .filter((item) => item["role"] === "developer" || item["role"] === "system")
        .map((item) => textOfContent(item["content"])),
    ].join("\n"),
    tools: objectsAt(body, "tools").map((tool) => ({
      name: textAt(tool, "name") || textAt(tool, "type"),
      schema: objectAt(tool, "parameters"),
      custom: tool["type"] === "custom",
    })),
    toolResults: items
      .slice(lastModel + 1)
      .filter((item) => textAt(item, "type").endsWith("_call_output"))
      .map((item) => outputText(item["output"])),
    ...outputSchema(body),
  };
}

function itemsOf(body: JsonObject): readonly JsonObject[] {
  return typeof body["input"] === "string" ? [{ role: "user", content: body["input"] }] : objectsAt(body, "input");
}

function isPrompt(item: JsonObject): boolean {
  return item["role"] === "user" && (item["type"] === undefined || item["type"] === "message");
}

function isCall(item: JsonObject): boolean {
  return textAt(item, "type").endsWith("_call");
}

function isModelTurn(item: JsonObject): boolean {
  return item["role"] === "assistant" || isCall(item);
}

function outputText(output: JsonValue | undefined): string {
  return typeof output === "string" ? output : textOfContent(output);
}

function outputSchema(body: JsonObject): { outputSchema?: JsonObject } {
  const format = objectAt(objectAt(body, "text"), "format");
  return format["type"] === "json_schema" ? { outputSchema: objectAt(format, "schema") } : {};
}

function whole(answer: Answer): JsonValue {
  return { ...base(answer), status: "completed", output: answer.blocks.map(itemOf), usage: usageOf(answer) };
}

function frames(answer: Answer): readonly Frame[] {
  return numbered([
    frame("response.created", { response: base(answer) }),
    ...answer.blocks.flatMap((block, index) => blockFrames(block, index, pieceCount(answer.message))),
    frame("response.completed", { response: whole(answer) }),
  ]);
}

function blockFrames(block: Block, output_index: number, pieces: number): readonly Frame[] {
  const item = itemOf(block);
  const done = frame("response.output_item.done", { output_index, item });
  const added = (fields: JsonObject): Frame =>
    frame("response.output_item.added", { output_index, item: { ...item, ...fields } });
  switch (block.kind) {
    case "call":
      return [added(block.custom ? { input: "" } : { arguments: "" }), done];
    case "thinking":
      return [added({ summary: [] }), ...thinkingFrames(block, output_index), done];
    case "text":
      return [added({ status: "in_progress", content: [] }), ...textFrames(block, output_index, pieces), done];
  }
}

function thinkingFrames(block: Block & { text: string }, output_index: number): readonly Frame[] {
  const at = { item_id: `rs_${block.id}`, output_index, summary_index: 0 };
  return [
    frame("response.reasoning_summary_part.added", { ...at, part: { type: "summary_text", text: "" } }),
    { ...frame("response.reasoning_summary_text.delta", { ...at, delta: block.text }), piece: true },
  ];
}

function textFrames(block: Block & { text: string }, output_index: number, pieces: number): readonly Frame[] {
  const at = { item_id: `msg_${block.id}`, output_index, content_index: 0 };
  return [
    frame("response.content_part.added", { ...at, part: { type: "output_text", text: "", annotations: [] } }),
    ...piecesOf(block.text, pieces).map((delta): Frame => ({
      ...frame("response.output_text.delta", { ...at, delta }),
      piece: true,
    })),
    frame("response.output_text.done", { ...at, text: block.text }),
  ];
}

function itemOf(block: Block): JsonObject {
  switch (block.kind) {
    case "call": {
      const call = { call_id: `call_${block.id}`, name: block.name, status: "completed" };
      return block.custom
        ? { type: "custom_tool_call", id: `ctc_${block.id}`, ...call, input: JSON.stringify(block.input) }
        : { type: "function_call", id: `fc_${block.id}`, ...call, arguments: JSON.stringify(block.input) };
    }
    case "thinking":
      return {
        type: "reasoning",
        id: `rs_${block.id}`,
        summary: [{ type: "summary_text", text: block.text }],
        encrypted_content: "bW9jaw==",
      };
    case "text":
      return {
        type: "message",
        id: `msg_${block.id}`,
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: block.text, annotations: [] }],
      };
  }
}

function base(answer: Answer): JsonObject {
  return {
    id: `resp_${answer.id}`,
    object: "response",
    created_at: createdAt,
    model: answer.conversation.model,
    status: "in_progress",
    output: [],
    usage: null,
    error: null,
    incomplete_details: null,
    parallel_tool_calls: true,
    tools: [],
  };
}

/** OpenAI counts cached tokens inside the input. */
function usageOf({ message: { usage } }: Answer): JsonObject {
  const input = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cacheRead },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: Math.floor(usage.output / 3) },
    total_tokens: input + usage.output,
  };
}

function frame(event: string, fields: JsonObject): Frame {
  return { event, data: { type: event, ...fields } };
}

function numbered(list: readonly Frame[]): readonly Frame[] {
  return list.map((item, sequence_number) => ({ ...item, data: { ...(item.data as JsonObject), sequence_number } }));
}

function refusal({ status, type, message }: ApiError) {
  return { status, body: { error: { message, type, code: type, param: null } } };
}

function streamError({ message }: ApiError): readonly Frame[] {
  const error = { code: "server_is_overloaded", message };
  return numbered([frame("response.failed", { response: { id: "resp_mock", status: "failed", output: [], error } })]);
}
