/** A distribution whose logarithm is normal, in logarithms. */
export interface Belief {
  readonly mean: number;
  readonly variance: number;
}

/** The p90 of a normal distribution lies so many deviations above its middle. */
export const deviationsToP90 = 1.2815515655446004;

/** Where nothing is believed of a figure, a p90 of eight times the middle: as wide as the priors are. */
const widest = (Math.log(8) / deviationsToP90) ** 2;

/**
 * What ended almost at once is taken as this part of the middle: a zero has no logarithm to speak of, and the lower end must
 * not widen the upper one, which is what a forecast is asked for.
 */
const least = Math.log(20);

/** The belief with this middle and p90, in the unit `toLog` wants. */
export function beliefOf(p50: number, p90: number): Belief {
  const mean = toLog(p50);
  return { mean, variance: ((toLog(p90) - mean) / deviationsToP90) ** 2 };
}

/** Amounts of 0 and up; the one is added so that nothing has a logarithm too. */
export function toLog(amount: number): number {
  return Math.log1p(Math.max(0, amount));
}

export function fromLog(log: number): number {
  return Math.max(0, Math.expm1(log));
}

/**
 * What is believed of the next one after these. Half of what was believed to vary is taken to lie between kinds of work, half
 * within one kind; the more of this kind was seen, and the better it agrees with itself, the less the wider belief counts:
 * one observation moves the middle half of the way (in logarithms), three that agree six sevenths.
 */
export function narrowed(wider: Belief | undefined, seen: readonly number[]): Belief | undefined {
  if (seen.length === 0) return wider;
  const logs = floored(seen.map(toLog));
  const count = logs.length;
  const own = logs.reduce((sum, each) => sum + each, 0) / count;
  const squares = logs.reduce((sum, each) => sum + (each - own) ** 2, 0);
  const believed = wider?.variance ?? widest;
  const within = (believed + squares) / (2 + (count - 1));
  const between = believed / 2;
  const weight = wider === undefined ? 0 : between === 0 ? 1 : Math.min(1, within / between);
  return {
    mean: (count * own + weight * (wider?.mean ?? 0)) / (count + weight),
    variance: within * (1 + 1 / (count + weight)),
  };
}

function floored(logs: readonly number[]): readonly number[] {
  const sorted = logs.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return logs.map((each) => Math.max(each, middle - least));
}
