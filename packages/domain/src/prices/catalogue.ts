import { anthropicPrices } from "./anthropic.ts";
import { googlePrices } from "./google.ts";
import { openaiPrices } from "./openai.ts";
import type { ModelPrice } from "./price.ts";

/**
 * List prices of models. Every figure was read in the source named beside it: none is derived from another one, and a model
 * or a kind of token without an evidenced price is left out (its cost is unknown). Discounts, batches, regions and
 * subscriptions are not known here.
 */
export const priceCatalogue: readonly ModelPrice[] = [...anthropicPrices, ...openaiPrices, ...googlePrices];
