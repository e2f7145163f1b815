/** The bounds that keep every expression, however hostile, within milliseconds and a few megabytes. */
export const expressionLimits = {
  /** Characters of one expression. */
  textLength: 10_000,
  /** Parentheses, brackets, calls and negations inside one another. */
  depth: 64,
  /** Units of work of one evaluation or rendering: a node costs one, a text its length, a value its size. */
  work: 50_000_000,
  /** Levels of a JSON value that is compared or read. */
  valueDepth: 256,
} as const;
