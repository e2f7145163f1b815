import { costOf, noUsage, priceCatalogue, totalTokens } from "@claude-orchestrator/domain";
import type { RequestAmount, TokenUsage } from "@claude-orchestrator/domain";
import type { ModelVendor } from "@claude-orchestrator/engine/ports";
import type { AskedRequest } from "../dialects/dialect.ts";

/** The most a model answers with where the request sets no limit, and the longest prompt it takes, in tokens. */
export const longestAnswer = 128_000;
const longestPrompt: Readonly<Record<ModelVendor, number>> = {
  anthropic: 1_000_000,
  openai: 1_050_000,
  google: 2_097_152,
};

/** The most a request can cost: its prompt as dear as it can be, and all the answer it asks for. */
export function worstOf(asked: AskedRequest, vendor: ModelVendor, inputTokens: number): RequestAmount {
  const prompt = inputTokens + (asked.pointsOutside ? longestPrompt[vendor] : 0);
  const usage = { ...promptAs(asked.cacheWrites, prompt), output: asked.maxOutput ?? longestAnswer };
  const costUsd =
    asked.model === undefined || asked.unpriced !== undefined ? undefined : costOf(asked.model, usage, "call");
  return {
    tokens: totalTokens(usage),
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(asked.pointsOutside ? {} : { input: inputTokens }),
  };
}

/** The most a request can cost of which nothing is known but whose it is: the longest to the dearest model. */
export function worstUnread(vendor: ModelVendor): RequestAmount {
  const usage = { ...noUsage, input: longestPrompt[vendor], output: longestAnswer };
  const costs = priceCatalogue
    .filter((entry) => entry.vendor === vendor)
    .map(({ model }) => costOf(model, usage, "call") ?? 0);
  return { tokens: totalTokens(usage), costUsd: Math.max(...costs) };
}

/** Writing to a cache is dearer than reading a prompt as it is, and nobody knows before how much will be written. */
function promptAs(writes: AskedRequest["cacheWrites"], prompt: number): TokenUsage {
  switch (writes) {
    case "none":
      return { ...noUsage, input: prompt };
    case "5m":
      return { ...noUsage, cacheWrite5m: prompt };
    case "1h":
      return { ...noUsage, cacheWrite1h: prompt };
  }
}
