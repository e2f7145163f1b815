import { cacheReadShare, formatCost } from "@claude-orchestrator/domain";
import type { TokenUsage } from "@claude-orchestrator/domain";

/** What the cache saved, in US dollars; `isWhole` is false where that is not known of some model. */
interface CacheSaving {
  readonly usd: number;
  readonly isWhole: boolean;
}

/** How much of what was sent came from a cache and what that saved, in a sentence; undefined where it is next to nothing. */
export function cacheWords(usage: TokenUsage, { usd, isWhole }: CacheSaving): string | undefined {
  const share = cacheReadShare(usage);
  if (share === undefined || share < 0.01) return undefined;
  const effect = `, which ${usd < 0 ? "cost" : "saved"} ${formatCost(Math.abs(usd))} by list prices`;
  const known = usd === 0 && !isWhole ? "" : effect;
  const unknown = isWhole
    ? ""
    : `, ${known === "" ? "and what it saved is" : "without models whose price is"} not known`;
  return `${sharePercent(share)} of what was sent was read from a cache${known}${unknown}`;
}

/** "83 %", never rounded up to all of it. */
export function sharePercent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
