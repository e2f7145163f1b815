import type { LongPrompt, ModelPrice, TokenPrices } from "./price.ts";

/** The vendor's price page as quoted by two public price lists that agree; standard tier, no regional uplift. */
const listed = {
  vendor: "openai",
  asOf: "2026-07-24",
  source: "developers.openai.com/api/docs/pricing, as quoted by the LiteLLM price table",
} as const;

/** Codex keeps its prompts below this on its own: its default context window is 272,000 tokens. */
const longPromptTokens = 272_000;

/** No price is known for cache writes: these models are not billed for them, so their agents report none. */
export const openaiPrices: readonly ModelPrice[] = [
  { ...listed, model: "gpt-5.5", prices: prices(5, 30, 0.5), longPrompt: long(prices(10, 45, 1)) },
  { ...listed, model: "gpt-5.4", prices: prices(2.5, 15, 0.25), longPrompt: long(prices(5, 22.5, 0.5)) },
  { ...listed, model: "gpt-5.4-mini", prices: prices(0.75, 4.5, 0.075) },
  { ...listed, model: "gpt-5.4-nano", prices: prices(0.2, 1.25, 0.02) },
  { ...listed, model: "gpt-5.3-codex", prices: prices(1.75, 14, 0.175) },
  { ...listed, model: "gpt-5.2", aliases: ["gpt-5.2-codex"], prices: prices(1.75, 14, 0.175) },
  { ...listed, model: "gpt-5.1", aliases: ["gpt-5.1-codex", "gpt-5.1-codex-max"], prices: prices(1.25, 10, 0.125) },
  { ...listed, model: "gpt-5.1-codex-mini", prices: prices(0.25, 2, 0.025) },
  { ...listed, model: "gpt-5", aliases: ["gpt-5-codex"], prices: prices(1.25, 10, 0.125) },
  { ...listed, model: "gpt-5-mini", prices: prices(0.25, 2, 0.025) },
  { ...listed, model: "gpt-5-nano", prices: prices(0.05, 0.4, 0.005) },
];

function prices(input: number, output: number, cacheRead: number): TokenPrices {
  return { input, output, cacheRead };
}

function long(tier: TokenPrices): LongPrompt {
  return { aboveTokens: longPromptTokens, prices: tier, onlyIfWindowRaised: true };
}
