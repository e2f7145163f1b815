/** A part of the time, in ms since 1970; `from` is before `to`. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Nothing is looked at closer than this. */
export const shortestMs = 50;

/** The range so that it lies within the whole and is not too short to be seen. */
export function within({ from, to }: TimeRange, whole: TimeRange): TimeRange {
  const most = Math.max(shortestMs, whole.to - whole.from);
  const length = Math.min(most, Math.max(shortestMs, to - from));
  const start = Math.max(whole.from, Math.min(from, whole.from + most - length));
  return { from: start, to: start + length };
}

/**
 * The range that a closer (`factor` below 1) or wider look shows.
 *
 * @param around the place that stays where it is, as a share of the range
 */
export function zoomed(range: TimeRange, whole: TimeRange, factor: number, around = 0.5): TimeRange {
  const length = Math.max(shortestMs, (range.to - range.from) * factor);
  const still = range.from + (range.to - range.from) * around;
  return within({ from: still - length * around, to: still + length * (1 - around) }, whole);
}

/** The range moved by a share of itself: below 0, to earlier. */
export function moved(range: TimeRange, whole: TimeRange, share: number): TimeRange {
  const by = (range.to - range.from) * share;
  return within({ from: range.from + by, to: range.to + by }, whole);
}

/** Of two numbers in an address, in ms from the run's begin; the whole where they are not numbers or not in order. */
export function rangeOf(fromText: string, toText: string, whole: TimeRange): TimeRange {
  const from = Number.parseInt(fromText, 10);
  const to = Number.parseInt(toText, 10);
  if (Number.isNaN(from) || Number.isNaN(to) || to <= from) return within(whole, whole);
  return within({ from: whole.from + from, to: whole.from + to }, whole);
}

/** Where a moment stands in the range, as a share of it: below 0 and above 1 for what is outside. */
export function placeOf(at: number, { from, to }: TimeRange): number {
  return (at - from) / Math.max(1, to - from);
}
