import { addSpending, addUsage, noUsage, nothingSpent } from "@claude-orchestrator/domain";
import type { AgentEvent, ModelSpending, Spending, TokenUsage } from "@claude-orchestrator/domain";

/**
 * Dollars for the usage of one call or of several, or undefined where the price is not known: some prices change with the
 * length of the one prompt, which a sum does not tell.
 */
export type PriceOf = (model: string, usage: TokenUsage, span: "call" | "calls") => number | undefined;

/**
 * Calls remembered one by one, of those that were spoken of last: memory stays flat however long an attempt runs. Agents correct a call
 * while they stream it, so no more are open at once than an agent has sub-agents at work. One takes about 200 bytes, and so those of a
 * hundred long attempts 10 MB; with eight times as many they took 80 (bench/RESULTS.md). Whoever corrects an older one is counted
 * twice, which is too much and never too little.
 */
const rememberedCalls = 512;

const unnamedModel = "unknown model";

/**
 * Counts what one attempt spends. Every `usage` is kept by its key (the last one seen wins) and summed over keys: a lower
 * bound. A `totals` from the agent replaces all `usage` heard since the one before it. Splitting the stream differently
 * changes nothing, since only whole events come in.
 */
export class Meter {
  readonly #priceOf: PriceOf;
  readonly #fallbackModel: string;
  /** What the agent itself has totalled. */
  #settled: Spending = nothingSpent;
  /** Sums of all calls heard since, by model. */
  readonly #running = new Map<string, RunningSum>();
  /** The newest calls one by one, so that a later word on one of them replaces the earlier. */
  readonly #calls = new Map<string, Call>();

  constructor(priceOf: PriceOf, requestedModel: string | undefined) {
    this.#priceOf = priceOf;
    this.#fallbackModel = requestedModel ?? unnamedModel;
  }

  /** True where the event changed what was spent. */
  take(event: AgentEvent): boolean {
    if (event.type === "usage") {
      this.#takeCall(event.key, event.model ?? this.#fallbackModel, event.usage);
      return true;
    }
    if (event.type === "totals") {
      this.#settled = addSpending(this.#settled, this.#priced(event));
      this.#calls.clear();
      this.#running.clear();
      return true;
    }
    return false;
  }

  spending(): Spending {
    if (this.#running.size === 0) return this.#settled;
    const parts = [...this.#running].map(([model, sum]) => ({
      model,
      usage: { ...sum.usage },
      costUsd: sum.unpriced === 0 ? sum.costUsd : undefined,
      reported: false,
    }));
    return addSpending(this.#settled, this.#spendingOf(parts, false));
  }

  #takeCall(key: string, model: string, usage: TokenUsage): void {
    const before = this.#calls.get(key);
    if (before !== undefined) {
      this.#calls.delete(key);
      this.#sumOf(before.model).take(before, -1);
    }
    const call = { model, usage, costUsd: this.#priceOf(model, usage, "call") };
    this.#calls.set(key, call);
    this.#sumOf(model).take(call, 1);
    if (this.#calls.size > rememberedCalls) this.#forgetOldest();
  }

  #sumOf(model: string): RunningSum {
    const known = this.#running.get(model);
    if (known !== undefined) return known;
    const sum = new RunningSum();
    this.#running.set(model, sum);
    return sum;
  }

  /** It stays in the sum; only a later correction of it would no longer be recognised as one. */
  #forgetOldest(): void {
    const oldest = this.#calls.keys().next().value;
    if (oldest !== undefined) this.#calls.delete(oldest);
  }

  #priced(event: Extract<AgentEvent, { type: "totals" }>): Spending {
    const parts = event.byModel.map(({ model, usage, costUsd, costIsGuess }) => {
      const reported = costUsd !== undefined && costIsGuess !== true;
      return { model, usage, costUsd: reported ? costUsd : this.#priceOf(model, usage, "calls"), reported };
    });
    return this.#spendingOf(parts, true);
  }

  #spendingOf(parts: readonly PricedPart[], final: boolean): Spending {
    const byModel: Record<string, ModelSpending> = {};
    let usage = noUsage;
    let cost: number | undefined = 0;
    for (const part of parts) {
      usage = addUsage(usage, part.usage);
      cost = cost === undefined || part.costUsd === undefined ? undefined : cost + part.costUsd;
      byModel[part.model] =
        part.costUsd === undefined ? { usage: part.usage } : { usage: part.usage, costUsd: part.costUsd };
    }
    return {
      byModel,
      usage,
      ...(cost === undefined ? {} : { costUsd: cost }),
      costSource: sourceOf(parts, cost),
      final,
    };
  }
}

interface Call {
  readonly model: string;
  readonly usage: TokenUsage;
  readonly costUsd: number | undefined;
}

/** Changed in place: it takes part in every event of an attempt. */
class RunningSum {
  readonly usage: { -readonly [Kind in keyof TokenUsage]: number } = { ...noUsage };
  costUsd = 0;
  /** Calls of unknown cost, which `costUsd` leaves out. */
  unpriced = 0;

  take({ usage, costUsd }: Call, sign: 1 | -1): void {
    this.usage.input += sign * usage.input;
    this.usage.output += sign * usage.output;
    this.usage.cacheRead += sign * usage.cacheRead;
    this.usage.cacheWrite5m += sign * usage.cacheWrite5m;
    this.usage.cacheWrite1h += sign * usage.cacheWrite1h;
    this.usage.reasoning += sign * usage.reasoning;
    this.costUsd += sign * (costUsd ?? 0);
    this.unpriced += costUsd === undefined ? sign : 0;
  }
}

interface PricedPart {
  readonly model: string;
  readonly usage: TokenUsage;
  readonly costUsd: number | undefined;
  readonly reported: boolean;
}

function sourceOf(parts: readonly PricedPart[], cost: number | undefined): Spending["costSource"] {
  if (parts.length === 0) return "none";
  if (cost === undefined) return "unknown";
  if (parts.every((part) => part.reported)) return "reported";
  return parts.some((part) => part.reported) ? "mixed" : "priced";
}
