import { addUsage, noUsage, savedByCache, totalTokens } from "@claude-orchestrator/domain";
import type { RunId, TokenUsage } from "@claude-orchestrator/domain";
import type { AttemptUse, ModelUse, RunUse } from "./runUse.ts";
import type { UsagePeriod } from "./usagePeriod.ts";

export const groupings = ["day", "model", "command", "instance", "agent"] as const;

export type Grouping = (typeof groupings)[number];

/** What was used under one heading. Dollars are those that are known: `unpriced` says of what they are not. */
export interface UsageRow {
  readonly key: string;
  readonly runs: number;
  readonly instances: number;
  readonly attempts: number;
  /** Ended, and did not succeed. */
  readonly failedAttempts: number;
  /** Have not ended, or nobody saw it. */
  readonly openAttempts: number;
  readonly usage: TokenUsage;
  readonly costUsd: number;
  readonly failedCostUsd: number;
  readonly savedUsd: number;
  /** False: what the cache saved of some model is not known. */
  readonly savedIsKnown: boolean;
  /** False: an agent has not told its own totals, so there may be more. */
  readonly isFinal: boolean;
  readonly unpriced: { readonly runs: number; readonly tokens: number; readonly models: readonly string[] };
}

const noCommand = "(no command)";

/** Adds up runs, one after the other, under the headings of a grouping. What it keeps grows with the headings, not with the runs. */
export class UsageTable {
  readonly #by: Grouping;
  readonly #period: UsagePeriod;
  readonly #sums = new Map<string, Sum>();
  readonly #total = new Sum("total");

  constructor(by: Grouping, period: UsagePeriod) {
    this.#by = by;
    this.#period = period;
  }

  /** Counts those attempts of the run that ended in the period. */
  add(run: RunUse): void {
    for (const attempt of run.attempts) {
      if (this.#period.isTooEarly(attempt.at) || this.#period.isTooLate(attempt.at)) continue;
      this.#total.take(run, attempt, attempt.models);
      for (const [key, models] of this.#shares(run, attempt)) this.#sumOf(key).take(run, attempt, models);
    }
  }

  get total(): UsageRow {
    return this.#total.row();
  }

  /** Days in their order, all else with the dearest first. */
  rows(): readonly UsageRow[] {
    const rows = [...this.#sums.values()].map((sum) => sum.row());
    const byKey = (a: UsageRow, b: UsageRow): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
    if (this.#by === "day") return rows.toSorted(byKey);
    return rows.toSorted((a, b) => b.costUsd - a.costUsd || totalTokens(b.usage) - totalTokens(a.usage) || byKey(a, b));
  }

  /** Which headings an attempt is counted under, each with what of it; the parts make the whole. */
  #shares(run: RunUse, attempt: AttemptUse): readonly (readonly [key: string, models: readonly ModelUse[]])[] {
    switch (this.#by) {
      case "day":
        return [[this.#period.dayOf(attempt.at), attempt.models]];
      case "model":
        return [...Map.groupBy(attempt.models, ({ model }) => model)];
      case "command":
        return [[attempt.command ?? noCommand, attempt.models]];
      case "instance":
        return [[run.name === "" ? attempt.instance : `${run.name}/${attempt.instance}`, attempt.models]];
      case "agent":
        return [[attempt.agent, attempt.models]];
    }
  }

  #sumOf(key: string): Sum {
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const sum = new Sum(key);
    this.#sums.set(key, sum);
    return sum;
  }
}

/** Changed in place. Runs come one after the other, so only the names of the last one's instances are kept. */
class Sum {
  readonly #key: string;
  readonly #unpricedModels = new Set<string>();
  #lastRun: RunId | undefined;
  #lastUnpriced: RunId | undefined;
  readonly #instancesOfRun = new Set<string>();
  #usage = noUsage;
  readonly #counts = { runs: 0, instances: 0, attempts: 0, failedAttempts: 0, openAttempts: 0 };
  readonly #dollars = { costUsd: 0, failedCostUsd: 0, savedUsd: 0 };
  readonly #unpriced = { runs: 0, tokens: 0 };
  #savedIsKnown = true;
  #isFinal = true;

  constructor(key: string) {
    this.#key = key;
  }

  take(run: RunUse, attempt: AttemptUse, models: readonly ModelUse[]): void {
    this.#count(run, attempt);
    const hasFailed = attempt.verdict !== undefined && attempt.verdict !== "succeeded";
    for (const { model, usage, costUsd } of models) {
      this.#usage = addUsage(this.#usage, usage);
      this.#dollars.costUsd += costUsd ?? 0;
      if (hasFailed) this.#dollars.failedCostUsd += costUsd ?? 0;
      if (costUsd === undefined) this.#takeUnpriced(run, model, usage);
      const saved = savedByCache(model, usage);
      this.#dollars.savedUsd += saved ?? 0;
      if (saved === undefined) this.#savedIsKnown = false;
    }
    if (!attempt.isFinal) this.#isFinal = false;
  }

  row(): UsageRow {
    return {
      key: this.#key,
      ...this.#counts,
      usage: this.#usage,
      ...this.#dollars,
      savedIsKnown: this.#savedIsKnown,
      isFinal: this.#isFinal,
      unpriced: { ...this.#unpriced, models: [...this.#unpricedModels] },
    };
  }

  #count(run: RunUse, { instance, verdict }: AttemptUse): void {
    if (this.#lastRun !== run.id) {
      this.#lastRun = run.id;
      this.#instancesOfRun.clear();
      this.#counts.runs += 1;
    }
    if (!this.#instancesOfRun.has(instance)) {
      this.#instancesOfRun.add(instance);
      this.#counts.instances += 1;
    }
    this.#counts.attempts += 1;
    if (verdict === undefined) this.#counts.openAttempts += 1;
    else if (verdict !== "succeeded") this.#counts.failedAttempts += 1;
  }

  #takeUnpriced(run: RunUse, model: string, usage: TokenUsage): void {
    const tokens = totalTokens(usage);
    if (tokens === 0) return;
    if (this.#lastUnpriced !== run.id) this.#unpriced.runs += 1;
    this.#lastUnpriced = run.id;
    this.#unpriced.tokens += tokens;
    this.#unpricedModels.add(model);
  }
}
