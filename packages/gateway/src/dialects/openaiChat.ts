import type { JsonObject } from "@claude-orchestrator/domain";
import type { AnswerNews, Dialect } from "./dialect.ts";
import { countIn, defined, hasKey, lengthIn, objectIn, objectsIn, textIn } from "./looseJson.ts";
import { openaiRefusal, openaiUnpriced, openaiUsage } from "./openaiUsage.ts";

const outside = new Set(["image_url", "file_id"]);

/** OpenAI's Chat Completions API, which many other vendors and local servers speak as well. */
export const openaiChat: Dialect = {
  name: "openai-chat",
  readRequest: (body) => {
    const each = countIn(body, "max_completion_tokens") ?? countIn(body, "max_tokens");
    return {
      ...defined({
        model: textIn(body, "model"),
        maxOutput: each === undefined ? undefined : each * Math.max(1, countIn(body, "n") ?? 1),
        unpriced: openaiUnpriced(body),
      }),
      cacheWrites: "none",
      pointsOutside: hasKey(body["messages"], outside),
    };
  },
  readAnswer,
  refusal: openaiRefusal,
};

/** Usage of a stream comes in a last event of its own, and only where the agent asked for it. */
function readAnswer(value: JsonObject): AnswerNews {
  if (value["error"] !== undefined) return { isFailure: true };
  const choices = objectsIn(value, "choices");
  const usage = openaiUsage(objectIn(value, "usage"), "prompt", "completion");
  const hasUsage = usage.input !== undefined && usage.output !== undefined;
  return {
    ...defined({ model: textIn(value, "model") }),
    ...(hasUsage ? { usage, isLast: true } : {}),
    outputLength: choices.reduce((sum, choice) => sum + lengthOf(objectIn(choice, "delta")), 0),
  };
}

function lengthOf(delta: JsonObject): number {
  const calls = objectsIn(delta, "tool_calls").map((call) => lengthIn(objectIn(call, "function"), "arguments"));
  const text = lengthIn(delta, "content") + lengthIn(delta, "reasoning_content");
  return calls.reduce((sum, length) => sum + length, text);
}
