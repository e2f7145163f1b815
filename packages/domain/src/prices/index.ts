export { priceCatalogue } from "./catalogue.ts";
export { claudeModelOf } from "./anthropic.ts";
export { costOf, priceOf } from "./cost.ts";
export { savedByCache } from "./savedByCache.ts";
export type { LongPrompt, ModelPrice, TokenPrices } from "./price.ts";
