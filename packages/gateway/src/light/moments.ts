const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** A length of time in ms as APIs write it: "1s", "6m0s", "20ms", "34.07s"; a bare number is seconds. */
export function durationOf(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g);
  return Math.ceil(parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (unitMs[unit] ?? 0), 0));
}

/**
 * How long it is until then, in ms: a duration, or a moment (RFC 3339, an HTTP date). A moment is taken by the clock of who says
 * it, which its `date` header shows; ours may be wrong.
 *
 * @param theirNow ms since 1970
 */
export function untilThen(text: string, theirNow: number): number | undefined {
  const length = durationOf(text);
  if (length !== undefined) return length;
  const moment = /\d{4}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - theirNow);
}
