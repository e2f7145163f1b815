import type { JsonObject } from "@claude-orchestrator/domain";
import type { AnswerNews, Dialect } from "./dialect.ts";
import { countIn, defined, hasKey, lengthIn, objectIn, objectsIn, textIn } from "./looseJson.ts";
import { openaiRefusal, openaiUnpriced, openaiUsage } from "./openaiUsage.ts";

const outside = new Set(["image_url", "file_id", "file_url"]);

/** OpenAI's Responses API, as codex uses it. */
export const openaiResponses: Dialect = {
  name: "openai-responses",
  readRequest: (body) => ({
    ...defined({
      model: textIn(body, "model"),
      maxOutput: countIn(body, "max_output_tokens"),
      unpriced: openaiUnpriced(body),
    }),
    cacheWrites: "none",
    pointsOutside:
      textIn(body, "previous_response_id") !== undefined ||
      (body["conversation"] ?? null) !== null ||
      hasKey(body["input"], outside),
  }),
  readAnswer,
  refusal: openaiRefusal,
};

function readAnswer(value: JsonObject): AnswerNews {
  const type = textIn(value, "type") ?? "";
  if (type === "error") return { isFailure: true };
  if (type.endsWith(".delta")) return { outputLength: lengthIn(value, "delta") };
  const whole = value["object"] === "response" ? value : objectIn(value, "response");
  const isWhole = value["object"] === "response";
  return {
    ...answerNews(whole),
    ...(isWhole || type === "response.completed" || type === "response.incomplete" ? { isLast: true } : {}),
    ...(type === "response.failed" || whole["status"] === "failed" ? { isFailure: true } : {}),
  };
}

function answerNews(response: JsonObject): AnswerNews {
  const usage = openaiUsage(objectIn(response, "usage"), "input", "output");
  const charged = objectsIn(response, "output").some((item) => chargedCalls.has(textIn(item, "type") ?? ""));
  return {
    ...defined({ model: textIn(response, "model") }),
    ...(Object.keys(usage).length === 0 ? {} : { usage }),
    ...(charged ? { isChargedBeside: true } : {}),
  };
}

const chargedCalls = new Set([
  "web_search_call",
  "file_search_call",
  "code_interpreter_call",
  "image_generation_call",
  "computer_call",
]);
