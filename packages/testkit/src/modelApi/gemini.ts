import type { JsonObject, JsonValue } from "@claude-orchestrator/domain";
import type { Conversation } from "./conversation.ts";
import { pieceCount, piecesOf, type Answer, type ApiError, type Block, type Dialect, type Frame } from "./dialect.ts";
import { objectAt, objectsAt, objectsOf, textAt, textOfContent } from "./jsonReading.ts";
import { say, type MessageStep } from "./step.ts";

/** Google's Gemini API, as gemini-cli uses it. */
export const gemini: Dialect = { read, whole, frames, refusal, streamError, sideAnswer };

const modelInPath = /\/models\/([^:/]+):(\w+)$/;

function read(body: JsonObject, path: string): Conversation {
  const contents = objectsAt(body, "contents");
  const isModel = (content: JsonObject): boolean => content["role"] === "model";
  const isPrompt = (content: JsonObject): boolean => !isModel(content) && responsesIn(content).length === 0;
  const [, model = "", verb = ""] = modelInPath.exec(path) ?? [];
  const schema = objectAt(body, "generationConfig")["responseJsonSchema"];
  return {
    api: "gemini",
    model,
    stream: verb.startsWith("stream"),
    turn: contents.slice(contents.findLastIndex(isPrompt) + 1).filter(isModel).length,
    turns: contents.filter(isModel).length,
    prompts: contents.filter(isPrompt).map((content) => textOfContent(content["parts"])),
    system: textOfContent(objectAt(body, "systemInstruction")["parts"]),
    tools: objectsAt(body, "tools")
      .flatMap((tool) => objectsAt(tool, "functionDeclarations"))
      .map((declared) => ({ name: textAt(declared, "name"), schema: schemaOf(declared), custom: false })),
    toolResults: contents.slice(contents.findLastIndex(isModel) + 1).flatMap(responsesIn),
    ...(schema === undefined ? {} : { outputSchema: schema as JsonObject }),
  };
}

function schemaOf(declared: JsonObject): JsonObject {
  const schema = objectAt(declared, "parametersJsonSchema");
  return Object.keys(schema).length > 0 ? schema : objectAt(declared, "parameters");
}

function responsesIn(content: JsonObject): readonly string[] {
  return objectsOf(content["parts"])
    .filter((part) => part["functionResponse"] !== undefined)
    .map((part) => JSON.stringify(objectAt(objectAt(part, "functionResponse"), "response")));
}

/** The CLI asks now and then, as JSON, who speaks next and which model should: answered alike, whatever the scenario. */
function sideAnswer(body: JsonObject): MessageStep | undefined {
  const config = objectAt(body, "generationConfig");
  const wantsJson = config["responseMimeType"] === "application/json" || config["responseJsonSchema"] !== undefined;
  if (!wantsJson) return undefined;
  return say(
    JSON.stringify({
      reasoning: "scripted",
      next_speaker: "user",
      model_choice: "flash",
      complexity_score: 10,
      complexity_reasoning: "scripted",
    }),
  );
}

function whole(answer: Answer): JsonValue {
  return candidate(answer, answer.blocks.map(partOf), true);
}

function frames(answer: Answer): readonly Frame[] {
  const parts = answer.blocks.flatMap((block): readonly JsonObject[] =>
    block.kind === "text"
      ? piecesOf(block.text, pieceCount(answer.message)).map((text) => ({ text }))
      : [partOf(block)],
  );
  const all = parts.length === 0 ? [{ text: "" }] : parts;
  return all.map((part, index) => ({ data: candidate(answer, [part], index === all.length - 1), piece: true }));
}

function partOf(block: Block): JsonObject {
  switch (block.kind) {
    case "call":
      return { functionCall: { name: block.name, args: block.input }, thoughtSignature: "bW9jaw==" };
    case "thinking":
      return { text: block.text, thought: true };
    case "text":
      return { text: block.text };
  }
}

function candidate(answer: Answer, parts: readonly JsonObject[], last: boolean): JsonObject {
  return {
    candidates: [
      { content: { role: "model", parts }, index: 0, ...(last ? { finishReason: finishReason(answer) } : {}) },
    ],
    ...(last ? { usageMetadata: usageOf(answer) } : {}),
    modelVersion: answer.conversation.model,
    responseId: answer.id,
  };
}

function finishReason({ message: { stop } }: Answer): string {
  if (stop === "max_tokens") return "MAX_TOKENS";
  return stop === "refusal" ? "SAFETY" : "STOP";
}

function usageOf({ message: { usage } }: Answer): JsonObject {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: usage.output,
    cachedContentTokenCount: usage.cacheRead,
    thoughtsTokenCount: 0,
    totalTokenCount: prompt + usage.output,
  };
}

const statusNames: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

/** Google has no 529: its word for overload is 503. */
function refusal(error: ApiError) {
  const status = error.status === 529 ? 503 : error.status;
  return {
    status,
    body: { error: { code: status, message: error.message, status: statusNames[status] ?? "UNKNOWN" } },
  };
}

function streamError({ message }: ApiError): readonly Frame[] {
  return [{ data: { error: { code: 503, message, status: "UNAVAILABLE" } } }];
}
