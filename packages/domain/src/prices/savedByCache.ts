import type { TokenUsage } from "../usage.ts";
import { priceOf } from "./cost.ts";

/**
 * US dollars that the cache saved of what the same prompts would have cost without it: what was read, at the price of input less
 * its own, and less what writing cost more than input. Below zero where more was written than paid off. By list prices of an
 * ordinary prompt: those of long ones differ by more. Undefined where a price is not known.
 */
export function savedByCache(model: string, usage: TokenUsage): number | undefined {
  if (usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h === 0) return 0;
  const prices = priceOf(model)?.prices;
  if (prices === undefined) return undefined;
  let saved = 0;
  for (const kind of ["cacheRead", "cacheWrite5m", "cacheWrite1h"] as const) {
    if (usage[kind] === 0) continue;
    const price = prices[kind];
    if (price === undefined) return undefined;
    saved += (usage[kind] / 1_000_000) * (prices.input - price);
  }
  return saved;
}
