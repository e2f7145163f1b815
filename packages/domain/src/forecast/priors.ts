import { claudeModelOf } from "../prices/anthropic.ts";
import { costOf, priceOf } from "../prices/cost.ts";
import type { InstancePlan } from "../plan.ts";
import { noUsage } from "../usage.ts";
import type { TokenUsage } from "../usage.ts";

/** What is believed of an instance before anything like it has run here: the middle, and how many times that the p90 is. */
export interface Prior {
  readonly tokens: Spread;
  /** Absent where the price of its model is not known. */
  readonly costUsd?: Spread;
  readonly durationMs: Spread;
}

export interface Spread {
  readonly p50: number;
  readonly p90: number;
}

/*
 * **Conservative guesses.** Nobody publishes what one headless run of an agent takes. The nearest public figure is the vendor's
 * for Claude Code (code.claude.com/docs/en/costs, read 2026-11-25): about $13 a developer and active day on average, below $30
 * for nine in ten. Taken as ten to twenty tasks a day that is about a dollar a task; the p90 below come to some two dollars at
 * list prices of a middle model. They are wide on purpose, and a few runs of one's own outweigh them.
 */
const tokensOfTask: Spread = { p50: 300_000, p90: 2_400_000 };
const durationOfTask: Spread = { p50: 5 * 60_000, p90: 20 * 60_000 };

/** A person's own program asks no model; a guess as well. */
const durationOfProgram: Spread = { p50: 60_000, p90: 10 * 60_000 };

/**
 * What the tokens of an agent at work are, in shares: a guess. Each turn sends the conversation again, so most of it is read
 * from the cache.
 */
const withCacheWrites: Partial<TokenUsage> = { cacheRead: 0.9, cacheWrite5m: 0.07, input: 0.02, output: 0.01 };
const withoutCacheWrites: Partial<TokenUsage> = { cacheRead: 0.9, input: 0.09, output: 0.01 };

/** What is assumed of an instance that nothing like has run of. */
export function priorOf({ agent, model, timeoutMs, retry }: InstancePlan): Prior {
  if (agent === "command") {
    const nothing = { p50: 0, p90: 0 };
    return { tokens: nothing, costUsd: nothing, durationMs: within(durationOfProgram, timeoutMs, retry.attempts) };
  }
  const costUsd = model === undefined ? undefined : costAt(agent === "claude" ? claudeModelOf(model) : model);
  return {
    tokens: tokensOfTask,
    ...(costUsd === undefined ? {} : { costUsd }),
    durationMs: within(durationOfTask, timeoutMs, retry.attempts),
  };
}

function costAt(model: string): Spread | undefined {
  const [p50, p90] = [priced(model, tokensOfTask.p50), priced(model, tokensOfTask.p90)];
  return p50 === undefined || p90 === undefined ? undefined : { p50, p90 };
}

function priced(model: string, tokens: number): number | undefined {
  const entry = priceOf(model);
  if (entry === undefined) return undefined;
  const shares = entry.prices.cacheWrite5m === undefined ? withoutCacheWrites : withCacheWrites;
  const one = { ...noUsage, ...shares };
  // As one short call, for a sum of many has no known price where long prompts cost more.
  const perThousand = costOf(model, scaled(one, 1000), "call");
  return perThousand === undefined ? undefined : (perThousand * tokens) / 1000;
}

function scaled(usage: TokenUsage, by: number): TokenUsage {
  return {
    input: usage.input * by,
    output: usage.output * by,
    cacheRead: usage.cacheRead * by,
    cacheWrite5m: usage.cacheWrite5m * by,
    cacheWrite1h: usage.cacheWrite1h * by,
    reasoning: usage.reasoning * by,
  };
}

function within({ p50, p90 }: Spread, timeoutMs = Infinity, attempts = 1): Spread {
  const most = timeoutMs * attempts;
  return { p50: Math.min(p50, most), p90: Math.min(p90, most) };
}
