const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The longest duration anything here accepts: ten years of 365 days. */
export const longestDurationMs = 10 * 365 * 86_400_000;

const amount = String.raw`\d{1,15}(?:\.\d{1,9})?`;
const unit = "(?:ms|s|m|h|d)";

/** What a written duration looks like, as the source of a regular expression: `90`, `1.5h`, `1h30m`, `1h 30m`, `500ms`. */
export const durationPattern = String.raw`^\s*(?:${amount}|${amount}\s?${unit}(?:\s*${amount}\s?${unit})*)\s*$`;

const durationShape = new RegExp(durationPattern);

/**
 * Milliseconds of a duration: a number or bare digits are seconds, text may add up units (`1h30m`).
 * Undefined for anything else, for less than nothing, and for more than ten years.
 */
export function parseDuration(value: number | string): number | undefined {
  if (typeof value === "number") return withinBounds(value * 1_000);
  if (value.length > 100 || !durationShape.test(value)) return undefined;
  const bare = Number(value);
  if (!Number.isNaN(bare)) return withinBounds(bare * 1_000);
  let total = 0;
  for (const [, count = "", symbol = ""] of value.matchAll(/(\d+(?:\.\d+)?)\s?(ms|s|m|h|d)/g)) {
    total += Number(count) * (unitMs[symbol] ?? 0);
  }
  return withinBounds(total);
}

function withinBounds(ms: number): number | undefined {
  return ms >= 0 && ms <= longestDurationMs ? Math.round(ms) : undefined;
}
