/**
 * Tokens by kind. The kinds never overlap: `input` excludes what was read from or written to the cache, `reasoning` is the
 * part of `output` that was thinking (it is inside `output`, told apart for information only, and never added to a total).
 */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly reasoning: number;
}

export const noUsage: TokenUsage = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  reasoning: 0,
};

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    reasoning: a.reasoning + b.reasoning,
  };
}

/** `a` less `b`, kind by kind, never below zero: a total that shrank is a new count, not a debt. */
export function subtractUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  const less = (x: number, y: number): number => Math.max(0, x - y);
  return {
    input: less(a.input, b.input),
    output: less(a.output, b.output),
    cacheRead: less(a.cacheRead, b.cacheRead),
    cacheWrite5m: less(a.cacheWrite5m, b.cacheWrite5m),
    cacheWrite1h: less(a.cacheWrite1h, b.cacheWrite1h),
    reasoning: less(a.reasoning, b.reasoning),
  };
}

/** Every token that passed, whatever its price: what a token budget counts. */
export function totalTokens(usage: TokenUsage): number {
  return usage.input + usage.output + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}

/** All that was sent to the model: read from the cache, written to it, or neither. */
export function promptTokens(usage: TokenUsage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}

/** Which part of the prompt was read from the cache, 0 to 1; undefined where nothing was sent. */
export function cacheReadShare(usage: TokenUsage): number | undefined {
  const prompt = promptTokens(usage);
  return prompt === 0 ? undefined : usage.cacheRead / prompt;
}
