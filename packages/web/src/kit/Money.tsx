/** Dollars to the cent, finer below one; a question mark, and why, where no price is known. */
export function Money({ usd, isBound = false }: { readonly usd: number | undefined; readonly isBound?: boolean }) {
  if (usd === undefined) return <span title="a model in it has no known price">price not known</span>;
  const text = inDollars(usd);
  return isBound ? (
    <span title={`at least: the agent has not told its end; ${usd}`}>≥ {text}</span>
  ) : (
    <span title={`$${usd}`}>{text}</span>
  );
}

/** 0 -> "$0.00", 0.0034 -> "$0.0034", 12.345 -> "$12.35", 1234.5 -> "$1,234.50". */
export function inDollars(usd: number): string {
  const digits = usd !== 0 && Math.abs(usd) < 0.995 ? 4 : 2;
  return new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(usd);
}
