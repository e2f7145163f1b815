import { addUsage, knownCost, noUsage, totalTokens } from "@claude-orchestrator/domain";
import type { RunState, TokenUsage } from "@claude-orchestrator/domain";

/** What one model was paid for one instance, all its attempts together. */
export interface ModelRow {
  readonly instance: string;
  readonly model: string;
  readonly usage: TokenUsage;
  readonly tokens: number;
  /** Of what was read, from 0 to 1, how much came from the cache. */
  readonly cacheShare: number;
  /** In dollars; undefined where the price is not known. */
  readonly cost: number | undefined;
}

/** What an attempt cost, and what came of it. */
export interface AttemptRow {
  readonly instance: string;
  readonly attempt: number;
  readonly standing: string;
  readonly tokens: number;
  readonly cost: number;
  readonly isBound: boolean;
}

/** The dearest first. */
export function modelRows(state: RunState): readonly ModelRow[] {
  return [...state.instances.values()]
    .flatMap(({ name, spent }) =>
      Object.entries(spent.byModel).map(([model, { usage, costUsd }]) => ({
        instance: name,
        model,
        usage,
        tokens: totalTokens(usage),
        cacheShare: cacheShare(usage),
        cost: costUsd,
      })),
    )
    .toSorted((a, b) => (b.cost ?? 0) - (a.cost ?? 0) || b.tokens - a.tokens);
}

/** The same by model alone. */
export function totalsByModel(rows: readonly ModelRow[]): readonly ModelRow[] {
  const byModel = Map.groupBy(rows, ({ model }) => model);
  return [...byModel].map(([model, each]) => {
    const usage = each.reduce((sum, row) => addUsage(sum, row.usage), noUsage);
    const isKnown = each.every(({ cost }) => cost !== undefined);
    return {
      instance: "",
      model,
      usage,
      tokens: totalTokens(usage),
      cacheShare: cacheShare(usage),
      cost: isKnown ? each.reduce((sum, { cost = 0 }) => sum + cost, 0) : undefined,
    };
  });
}

function cacheShare({ input, cacheRead, cacheWrite5m, cacheWrite1h }: TokenUsage): number {
  const read = input + cacheRead + cacheWrite5m + cacheWrite1h;
  return read === 0 ? 0 : cacheRead / read;
}

/** The dearest first; only those that cost something. */
export function attemptRows(state: RunState): readonly AttemptRow[] {
  return [...state.instances.values()]
    .flatMap(({ name, attempts }) =>
      attempts.map(({ number, spent, end }) => ({
        instance: name,
        attempt: number,
        standing: end?.verdict ?? "running",
        tokens: totalTokens(spent.usage),
        cost: knownCost(spent),
        isBound: !spent.final,
      })),
    )
    .filter(({ tokens, cost }) => tokens > 0 || cost > 0)
    .toSorted((a, b) => b.cost - a.cost || b.tokens - a.tokens);
}

export interface FailedWork {
  readonly attempts: number;
  readonly tokens: number;
  readonly cost: number;
}

/** What went into attempts that ended without success. */
export function failedWork(rows: readonly AttemptRow[]): FailedWork {
  const failed = rows.filter(({ standing }) => standing !== "succeeded" && standing !== "running");
  return {
    attempts: failed.length,
    tokens: failed.reduce((sum, { tokens }) => sum + tokens, 0),
    cost: failed.reduce((sum, { cost }) => sum + cost, 0),
  };
}
