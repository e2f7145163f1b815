import type { TokenUsage } from "../usage.ts";
import { priceCatalogue } from "./catalogue.ts";
import type { LongPrompt, ModelPrice, TokenPrices } from "./price.ts";

const byId = new Map<string, ModelPrice>(
  priceCatalogue.flatMap((entry) => [entry.model, ...(entry.aliases ?? [])].map((id) => [id, entry] as const)),
);

/** A snapshot's date at the end of an id: -20251001, @20251001 or -2026-04-23. */
const snapshotDate = /(?:[-@]\d{8}|-\d{4}-\d{2}-\d{2})$/;

const vendorPrefixes: Readonly<Record<ModelPrice["vendor"], readonly string[]>> = {
  anthropic: ["anthropic/"],
  openai: ["openai/"],
  google: ["google/", "gemini/", "models/"],
};

/**
 * The catalogue's entry of a model, or undefined where its price is not known. An id matches whole: as written, without the
 * prefix of its own vendor (`openai/gpt-5.5`), and without the date of a snapshot (`claude-haiku-4-5-20251001`). Nothing is
 * matched by a part of its name.
 */
export function priceOf(model: string): ModelPrice | undefined {
  const id = model.trim().toLowerCase();
  for (const vendor of ["anthropic", "openai", "google"] as const) {
    const prefix = vendorPrefixes[vendor].find((start) => id.startsWith(start));
    if (prefix !== undefined) {
      const entry = byExactId(id.slice(prefix.length));
      return entry?.vendor === vendor ? entry : undefined;
    }
  }
  return byExactId(id);
}

function byExactId(id: string): ModelPrice | undefined {
  return byId.get(id) ?? byId.get(id.replace(snapshotDate, ""));
}

/**
 * US dollars for tokens of a model by its list prices, or undefined where they are not known: an unknown model, tokens of a
 * kind without a price, or a sum over calls of which some may have been charged as long prompts.
 *
 * @param span "call": the tokens of one model call. "calls": summed over any number of them.
 */
export function costOf(model: string, usage: TokenUsage, span: "call" | "calls" = "calls"): number | undefined {
  const entry = priceOf(model);
  if (entry === undefined) return undefined;
  const prices = entry.longPrompt === undefined ? entry.prices : tierOf(entry.prices, entry.longPrompt, usage, span);
  return prices === undefined ? undefined : priced(prices, usage);
}

function tierOf(
  prices: TokenPrices,
  long: LongPrompt,
  usage: TokenUsage,
  span: "call" | "calls",
): TokenPrices | undefined {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
  if (prompt <= long.aboveTokens) return prices;
  if (span === "call") return long.prices;
  return long.onlyIfWindowRaised ? prices : undefined;
}

function priced(prices: TokenPrices, usage: TokenUsage): number | undefined {
  let sum = 0;
  for (const kind of ["input", "output", "cacheRead", "cacheWrite5m", "cacheWrite1h"] as const) {
    const tokens = usage[kind];
    if (tokens === 0) continue;
    const price = prices[kind];
    if (price === undefined) return undefined;
    sum += (tokens / 1_000_000) * price;
  }
  return sum;
}
