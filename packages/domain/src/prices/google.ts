import type { LongPrompt, ModelPrice, TokenPrices } from "./price.ts";

/** The vendor's price page; cache reads as quoted by the LiteLLM price table of 2026-07-24. Text prompts, paid tier. */
const listed = {
  vendor: "google",
  asOf: "2026-10-07",
  source: "ai.google.dev/gemini-api/docs/pricing",
} as const;

/** The same page as quoted by that table, for models the later reading does not list. */
const listedEarlier = {
  ...listed,
  asOf: "2026-07-24",
  source: `${listed.source}, as quoted by the LiteLLM price table`,
};

export const googlePrices: readonly ModelPrice[] = [
  { ...listed, model: "gemini-3.8-flash", prices: prices(0.75, 3.75, 0.075), until: "2026-12-31" },
  { ...listed, model: "gemini-3.5-flash", prices: prices(1.5, 9, 0.15) },
  { ...listed, model: "gemini-3.5-flash-lite", prices: prices(0.3, 2.5, 0.03) },
  { ...listed, model: "gemini-3.1-pro-preview", prices: prices(2, 12, 0.2), longPrompt: long(prices(4, 18, 0.4)) },
  { ...listedEarlier, model: "gemini-3-pro-preview", prices: prices(2, 12, 0.2), longPrompt: long(prices(4, 18, 0.4)) },
  { ...listedEarlier, model: "gemini-3-flash-preview", prices: prices(0.5, 3, 0.05) },
  {
    ...listedEarlier,
    model: "gemini-2.5-pro",
    prices: prices(1.25, 10, 0.125),
    longPrompt: long(prices(2.5, 15, 0.25)),
  },
  { ...listedEarlier, model: "gemini-2.5-flash", prices: prices(0.3, 2.5, 0.03) },
  { ...listedEarlier, model: "gemini-2.5-flash-lite", prices: prices(0.1, 0.4, 0.01) },
];

function prices(input: number, output: number, cacheRead: number): TokenPrices {
  return { input, output, cacheRead };
}

function long(tier: TokenPrices): LongPrompt {
  return { aboveTokens: 200_000, prices: tier, onlyIfWindowRaised: false };
}
