const factors: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
};

/** What a written amount of bytes looks like, as the source of a regular expression: `500000`, `500MB`, `1.5 GiB`. */
export const bytesPattern = String.raw`^\s*(?=[\d.]*[1-9])(\d{1,15}(?:\.\d{1,9})?)\s?([kKmMgGtT]i?)?[bB]?\s*$`;

const bytesShape = new RegExp(bytesPattern);

/** Bytes of an amount: a number, or text with a unit of 1000 (MB) or 1024 (MiB). Undefined for anything else, and for none. */
export function parseBytes(value: number | string): number | undefined {
  if (typeof value === "number") return value >= 1 ? Math.round(value) : undefined;
  const [, amount, unit = ""] = (value.length > 40 ? null : bytesShape.exec(value)) ?? [];
  if (amount === undefined) return undefined;
  const bytes = Math.round(Number(amount) * (factors[unit.toLowerCase()] ?? 1));
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** 999 -> "999 B", 1500 -> "1.5 kB", 1234567 -> "1.2 MB", 5368709120 -> "5.4 GB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let rest = bytes / 1000;
  for (const unit of ["kB", "MB", "GB"]) {
    if (rest < 999.95) return `${rest.toFixed(1)} ${unit}`;
    rest /= 1000;
  }
  return `${rest.toFixed(1)} TB`;
}
