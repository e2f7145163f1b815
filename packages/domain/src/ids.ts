declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Names one run for ever: `run_` and ten characters of base 36. */
export type RunId = Branded<"RunId">;

const runIdShape = /^run_[0-9a-z]{10}$/;

/** The only door from text to id; everything past it can trust the type. */
export function parseRunId(text: string): RunId | undefined {
  return runIdShape.test(text) ? (text as RunId) : undefined;
}

/**
 * A run id whose first six characters grow with time (so that a listing sorts by age) and whose last four come from `random`.
 *
 * @param now milliseconds since 1970
 * @param random a function that gives a number in [0, 1), the caller's randomness: this room has none
 */
export function makeRunId(now: number, random: () => number): RunId {
  const seconds = Math.floor(now / 1000)
    .toString(36)
    .padStart(6, "0")
    .slice(-6);
  const tail = Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, "0");
  return `run_${seconds}${tail}` as RunId;
}
