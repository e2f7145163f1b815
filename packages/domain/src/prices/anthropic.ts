import type { ModelPrice, TokenPrices } from "./price.ts";

/**
 * From the model catalogue inside the Claude Code 2.1.330 program (built 2026-11-20), by which it prices its own runs; the
 * costs it reported in recorded runs agree. Sonnet 4.0 and 4.5 with a window of a million tokens are left out: the vendor
 * has charged long prompts of theirs more, and that catalogue does not say how much.
 */
const asOf = "2026-11-20";
const source = "model catalogue in Claude Code 2.1.330";

function prices(input: number, output: number, writes: readonly [number, number], cacheRead: number): TokenPrices {
  return { input, output, cacheWrite5m: writes[0], cacheWrite1h: writes[1], cacheRead };
}

const haiku35 = prices(0.8, 4, [1, 1.6], 0.08);
const haiku45 = prices(1, 5, [1.25, 2], 0.1);
const haiku55 = prices(0.1, 0.5, [0.125, 0.2], 0.01);
const tier3to15 = prices(3, 15, [3.75, 6], 0.3);
const tier2to10 = prices(2, 10, [2.5, 4], 0.2);
const tier2to10CheapReads = prices(2, 10, [2.5, 4], 0.1);
const tier15to75 = prices(15, 75, [18.75, 30], 1.5);
const tier5to25 = prices(5, 25, [6.25, 10], 0.5);
const tier4to20 = prices(4, 20, [5, 8], 0.2);
const tier10to50 = prices(10, 50, [12.5, 20], 1);
const tier10to50CheapReads = prices(10, 50, [12.5, 20], 0.25);
const tier8to40 = prices(8, 40, [10, 16], 0.2);

export const anthropicPrices: readonly ModelPrice[] = [
  entry("claude-3-5-haiku", haiku35, ["claude-3-5-haiku-latest"]),
  entry("claude-haiku-4-5", haiku45),
  {
    ...entry("claude-haiku-5-5", haiku55),
    longPrompt: { aboveTokens: 100_000, prices: prices(0.5, 2.5, [0.625, 1], 0.05), onlyIfWindowRaised: false },
  },
  entry("claude-3-5-sonnet", tier3to15, ["claude-3-5-sonnet-latest"]),
  entry("claude-3-7-sonnet", tier3to15, ["claude-3-7-sonnet-latest"]),
  entry("claude-sonnet-4-0", tier3to15, ["claude-sonnet-4"]),
  entry("claude-sonnet-4-5", tier3to15),
  entry("claude-sonnet-4-6", tier3to15, ["claude-sonnet-4-6[1m]"]),
  entry("claude-sonnet-5", tier2to10, ["claude-sonnet-5[1m]"]),
  entry("claude-sonnet-5-5", tier2to10CheapReads, ["claude-sonnet-5-5[1m]"]),
  entry("claude-opus-4-0", tier15to75, ["claude-opus-4"]),
  entry("claude-opus-4-1", tier15to75),
  entry("claude-opus-4-5", tier5to25),
  entry("claude-opus-4-6", tier5to25, ["claude-opus-4-6[1m]"]),
  entry("claude-opus-4-7", tier5to25, ["claude-opus-4-7[1m]"]),
  entry("claude-opus-4-8", tier5to25, ["claude-opus-4-8[1m]"]),
  entry("claude-opus-5", tier5to25, ["claude-opus-5[1m]"]),
  entry("claude-opus-5-5", tier4to20, ["claude-opus-5-5[1m]"]),
  entry("claude-fable-5", tier10to50),
  entry("claude-fable-5-1", tier10to50CheapReads),
  entry("claude-fable-5-2", tier8to40),
  entry("claude-mythos-5", tier10to50),
  entry("claude-mythos-5-1", tier10to50CheapReads),
  entry("claude-mythos-5-2", tier8to40),
];

/** What Claude Code takes these words for, by the same catalogue (`latest_per_family`, `best`). A person's settings may say otherwise. */
const families: Readonly<Record<string, string>> = {
  fable: "claude-fable-5-2",
  opus: "claude-opus-5-5",
  best: "claude-opus-5-5",
  sonnet: "claude-sonnet-5-5",
  haiku: "claude-haiku-5-5",
};

/** The model that Claude Code means by a word such as `haiku` or `opus[1m]`; any other name as it is. */
export function claudeModelOf(name: string): string {
  const [, word = "", window = ""] = /^([a-z]+)(\[1m\])?$/.exec(name.trim().toLowerCase()) ?? [];
  const model = Object.hasOwn(families, word) ? families[word] : undefined;
  return model === undefined ? name : `${model}${window}`;
}

function entry(model: string, tier: TokenPrices, aliases: readonly string[] = []): ModelPrice {
  return { model, vendor: "anthropic", aliases, prices: tier, asOf, source };
}
