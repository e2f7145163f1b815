import type { JsonObject, TokenUsage } from "@claude-orchestrator/domain";
import type { AnswerNews, AskedRequest, Dialect } from "./dialect.ts";
import { countIn, defined, hasKey, lengthIn, objectIn, objectsIn, textIn } from "./looseJson.ts";

/** Google's Gemini API: the model and the verb are in the path. */
export const gemini: Dialect = {
  name: "gemini",
  readRequest,
  readAnswer,
  refusal: (message) => ({
    status: 400,
    body: {
      error: {
        code: 400,
        message,
        status: "FAILED_PRECONDITION",
        details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "BUDGET_EXCEEDED" }],
      },
    },
  }),
};

const outside = new Set(["fileData", "file_data"]);

/** What it declares are functions the agent runs; anything else beside them Google runs, and may charge for. */
const agentsTools = new Set(["functionDeclarations", "function_declarations"]);

function readRequest(body: JsonObject, path: string): AskedRequest {
  const config = { ...objectIn(body, "generation_config"), ...objectIn(body, "generationConfig") };
  const most = countIn(config, "maxOutputTokens") ?? countIn(config, "max_output_tokens");
  const thinking = countIn(objectIn(config, "thinkingConfig"), "thinkingBudget") ?? 0;
  const answers = Math.max(1, countIn(config, "candidateCount") ?? 1);
  const tool = objectsIn(body, "tools").flatMap((each) => Object.keys(each).filter((key) => !agentsTools.has(key)))[0];
  return {
    ...defined({
      model: /\/models\/([^/:]+)/.exec(path)?.[1],
      maxOutput: most === undefined ? undefined : (most + thinking) * answers,
      unpriced: tool === undefined ? undefined : `the tool ${tool}, which the API runs`,
    }),
    cacheWrites: "none",
    pointsOutside: textIn(body, "cachedContent") !== undefined || hasKey(body["contents"], outside),
  };
}

/** Each event of a stream may carry usage so far; the one with a reason to finish has the last word. */
function readAnswer(value: JsonObject): AnswerNews {
  if (value["error"] !== undefined) return { isFailure: true };
  const candidates = objectsIn(value, "candidates");
  const usage = readUsage(objectIn(value, "usageMetadata"));
  const isBlocked = Object.keys(objectIn(value, "promptFeedback")).length > 0 && candidates.length === 0;
  const isOver = isBlocked || candidates.some((candidate) => textIn(candidate, "finishReason") !== undefined);
  return {
    ...defined({ model: textIn(value, "modelVersion") }),
    ...(usage.input === undefined ? {} : { usage }),
    ...(isOver ? { isLast: true } : {}),
    ...(candidates.some((candidate) => candidate["groundingMetadata"] !== undefined) ? { isChargedBeside: true } : {}),
    outputLength: candidates.reduce((sum, candidate) => sum + lengthOf(candidate), 0),
  };
}

function lengthOf(candidate: JsonObject): number {
  const parts = objectsIn(objectIn(candidate, "content"), "parts");
  return parts.reduce((sum, part) => {
    const call = part["functionCall"] === undefined ? 0 : JSON.stringify(part["functionCall"]).length;
    return sum + lengthIn(part, "text") + call;
  }, 0);
}

/** Thinking is counted beside the answer, what was cached inside the prompt. */
function readUsage(usage: JsonObject): Partial<TokenUsage> {
  const prompt = countIn(usage, "promptTokenCount");
  if (prompt === undefined) return {};
  const cached = Math.min(countIn(usage, "cachedContentTokenCount") ?? 0, prompt);
  const thoughts = countIn(usage, "thoughtsTokenCount") ?? 0;
  return {
    input: prompt - cached + (countIn(usage, "toolUsePromptTokenCount") ?? 0),
    cacheRead: cached,
    output: (countIn(usage, "candidatesTokenCount") ?? 0) + thoughts,
    reasoning: thoughts,
  };
}
