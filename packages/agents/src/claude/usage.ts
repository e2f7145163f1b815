import { isJsonObject, noUsage, subtractUsage } from "@claude-orchestrator/domain";
import type { AgentEvent, JsonObject, TokenUsage } from "@claude-orchestrator/domain";
import { countAt, numberAt, objectAt, textAt } from "../shared/looseJson.ts";

export type ModelTotal = Extract<AgentEvent, { type: "totals" }>["byModel"][number];

/**
 * Tokens of one model call, from the API's own `usage`. A later one of the same call may leave out what has not changed.
 */
export function callUsage(usage: JsonObject, earlier: TokenUsage = noUsage): TokenUsage {
  const count = (from: JsonObject, key: string, before: number): number => Math.max(0, numberAt(from, key) ?? before);
  const written = count(usage, "cache_creation_input_tokens", earlier.cacheWrite5m + earlier.cacheWrite1h);
  const split = objectAt(usage, "cache_creation");
  const hour = Math.min(written, count(split, "ephemeral_1h_input_tokens", earlier.cacheWrite1h));
  return {
    input: count(usage, "input_tokens", earlier.input),
    output: count(usage, "output_tokens", earlier.output),
    cacheRead: count(usage, "cache_read_input_tokens", earlier.cacheRead),
    cacheWrite5m: written - hour,
    cacheWrite1h: hour,
    reasoning: count(objectAt(usage, "output_tokens_details"), "thinking_tokens", earlier.reasoning),
  };
}

/** `modelUsage` of a result, or its `model_usage_since_last_result`: tokens and dollars by model. */
export function modelTotals(byModel: JsonObject): readonly ModelTotal[] {
  return Object.entries(byModel).flatMap(([model, value]) => (isJsonObject(value) ? [modelTotal(model, value)] : []));
}

function modelTotal(model: string, entry: JsonObject): ModelTotal {
  const written = countAt(entry, "cacheCreationInputTokens");
  const hour = Math.min(countAt(entry, "cacheCreationEphemeral1hInputTokens"), written);
  const costUsd = numberAt(entry, "costUSD");
  return {
    model,
    usage: {
      input: countAt(entry, "inputTokens"),
      output: countAt(entry, "outputTokens"),
      cacheRead: countAt(entry, "cacheReadInputTokens"),
      // What is not told to last an hour is charged as the shorter kind.
      cacheWrite5m: written - hour,
      cacheWrite1h: hour,
      reasoning: countAt(entry, "thinkingTokens"),
    },
    ...(costUsd === undefined || costUsd < 0 ? {} : { costUsd }),
    ...(textAt(entry, "costBasis") === "unknown" ? { costIsGuess: true } : {}),
  };
}

/** What came on top of `before`, model by model. */
export function totalsSince(before: readonly ModelTotal[], now: readonly ModelTotal[]): readonly ModelTotal[] {
  const earlier = new Map(before.map((total) => [total.model, total]));
  return now.map((total) => {
    const base = earlier.get(total.model);
    if (base === undefined) return total;
    const costUsd = total.costUsd === undefined ? undefined : Math.max(0, total.costUsd - (base.costUsd ?? 0));
    return { ...total, usage: subtractUsage(total.usage, base.usage), ...(costUsd === undefined ? {} : { costUsd }) };
  });
}
