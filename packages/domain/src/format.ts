/** Numbers as a person reads them; the ancestor's forms where it had one. */

/** 45.7 s -> "45.7s", 90 s -> "1m30s", 3661 s -> "1h1m". Input in ms. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}m${whole % 60}s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 1440
    ? `${Math.floor(minutes / 60)}h${minutes % 60}m`
    : `${Math.floor(minutes / 1440)}d${Math.floor((minutes % 1440) / 60)}h`;
}

const settingUnits = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
] as const;

/**
 * A duration somebody set (a timeout, a window), exactly and as short as it can be written: 5 s -> "5s", 90 s -> "1m30s",
 * 1 h -> "1h", half a second -> "500ms". What was measured is `formatDuration`'s. Input in ms.
 */
export function formatSettingDuration(ms: number): string {
  let rest = Math.round(Math.max(0, ms));
  let text = "";
  for (const [unit, length] of settingUnits) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) text += `${count}${unit}`;
  }
  if (rest === 0) return text === "" ? "0s" : text;
  return `${text}${rest < 1000 ? `${rest}ms` : `${rest / 1000}s`}`;
}

/** 999 -> "999", 1500 -> "1.5K", 1234567 -> "1.2M". */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(Math.round(tokens));
  if (tokens < 999_950) return `${(tokens / 1000).toFixed(1)}K`;
  if (tokens < 999_950_000) return `${(tokens / 1_000_000).toFixed(1)}M`;
  return `${(tokens / 1_000_000_000).toFixed(1)}B`;
}

/** Four decimals, as in bills, and for what is less than those show as many as it takes; "?" for a price nobody knows. */
export function formatCost(usd: number | undefined): string {
  if (usd === undefined) return "?";
  const isTiny = usd >= 1e-9 && usd < 0.0001;
  return `$${isTiny ? twoDigits(usd) : usd.toFixed(4)}`;
}

/** Its first two digits that are not zero, without exponent: 0.000012. */
function twoDigits(below1: number): string {
  return below1.toFixed(Math.ceil(-Math.log10(below1)) + 1).replace(/0+$/, "");
}

/** A limit or what was used of it, in its own unit. */
export function formatAmount(unit: "tokens" | "cost_usd", amount: number): string {
  return unit === "tokens" ? `${formatTokens(amount)} tokens` : formatCost(amount);
}
