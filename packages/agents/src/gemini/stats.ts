import { isJsonObject, noUsage } from "@claude-orchestrator/domain";
import type { AgentEvent, JsonObject, TokenUsage } from "@claude-orchestrator/domain";
import { countAt, objectAt } from "../shared/looseJson.ts";

/**
 * The run's tokens by model. `input_tokens` includes what came from the cache; `total_tokens` also holds the thinking, which
 * `output_tokens` leaves out. A cut or refused run tells zeros, which are no totals.
 */
export function geminiTotals(stats: JsonObject): readonly AgentEvent[] {
  const byModel = Object.entries(objectAt(stats, "models")).flatMap(([model, counts]) =>
    isJsonObject(counts) && countAt(counts, "total_tokens") > 0 ? [{ model, usage: usageOf(counts) }] : [],
  );
  return byModel.length === 0 ? [] : [{ type: "totals", byModel }];
}

function usageOf(counts: JsonObject): TokenUsage {
  const input = countAt(counts, "input_tokens");
  const output = countAt(counts, "output_tokens");
  const cacheRead = Math.min(input, countAt(counts, "cached"));
  const reasoning = Math.max(0, countAt(counts, "total_tokens") - input - output);
  return { ...noUsage, input: input - cacheRead, output: output + reasoning, cacheRead, reasoning };
}
