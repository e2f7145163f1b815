import { addUsage, noUsage, subtractUsage, totalTokens } from "@claude-orchestrator/domain";
import type { ModelSpending, RunId, RunState, Spending, TokenUsage, Verdict } from "@claude-orchestrator/domain";

/** A run as far as it matters to what was used. */
export interface RunUse {
  readonly id: RunId;
  readonly name: string;
  /** Its model was a stand-in: what it tells was never charged. */
  readonly isDemo: boolean;
  readonly attempts: readonly AttemptUse[];
}

export interface AttemptUse {
  readonly instance: string;
  /** What budgets of a command count it under. */
  readonly command?: string;
  readonly agent: string;
  /** When it ended, ms since 1970; of one that has not, what its log told last. */
  readonly at: number;
  /** Undefined: it has not ended, or nobody saw it end. */
  readonly verdict?: Verdict;
  readonly models: readonly ModelUse[];
  /** False: the agent has not told its own totals, so the figures are a lower bound. */
  readonly isFinal: boolean;
  readonly throughGateway: boolean;
}

/** A model without a price has no cost: never guessed. */
export interface ModelUse extends ModelSpending {
  readonly model: string;
}

const unnamedModel = "unknown model";

/** No date is later, or as much earlier than 1970. */
const latestDate = 8.64e15;

/** What a run used, from its folded log. */
export function runUseOf(state: RunState): RunUse {
  const lastAt = state.phase.status === "settled" ? state.phase.at : state.lastAt;
  const attempts = state.plan.instances.flatMap(({ name, commandKey }) => {
    return (state.instances.get(name)?.attempts ?? []).map(({ agent, end, spent, requests }): AttemptUse => {
      return {
        instance: name,
        ...(commandKey === undefined ? {} : { command: commandKey }),
        agent,
        at: end?.at ?? lastAt,
        ...(end === undefined ? {} : { verdict: end.verdict }),
        models: modelUses(spent, Object.entries(spent.byModel)),
        isFinal: spent.final,
        throughGateway: requests !== undefined,
      };
    });
  });
  return { id: state.id, name: state.plan.name, isDemo: state.demo !== undefined, attempts };
}

/** By model, with what no model was named for: together all that was spent. */
export function modelUses(
  spent: Pick<Spending, "usage" | "costUsd">,
  byModel: readonly (readonly [model: string, spent: ModelSpending])[],
): readonly ModelUse[] {
  const named = byModel.map(([model, { usage, costUsd }]) => ({ model, ...spendingOf(usage, costUsd) }));
  const usage = subtractUsage(
    spent.usage,
    named.reduce((sum, each) => addUsage(sum, each.usage), noUsage),
  );
  const told = named.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0);
  const costUsd = spent.costUsd === undefined ? undefined : Math.max(0, spent.costUsd - told);
  // Sums of dollars are off by the last digits of a float.
  const isNothing = totalTokens(usage) === 0 && (costUsd ?? 0) < 1e-9;
  return isNothing ? named : [...named, { model: unnamedModel, ...spendingOf(usage, costUsd) }];
}

function spendingOf(usage: TokenUsage, costUsd: number | undefined): ModelSpending {
  return costUsd === undefined ? { usage } : { usage, costUsd };
}

/** A program's bug may have written anything into a log: one figure that is none would spoil every sum. */
export function isSound({ attempts }: RunUse): boolean {
  return attempts.every(({ at, models }) => {
    const isDate = Number.isFinite(at) && Math.abs(at) <= latestDate;
    return isDate && models.every(({ usage, costUsd }) => areFigures(usage, costUsd));
  });
}

/** Whether these are tokens and dollars: no text, nothing below zero, nothing without an end. */
export function areFigures(usage: TokenUsage, costUsd: number | undefined): boolean {
  return [...Object.values(usage), costUsd ?? 0].every((each: unknown) => {
    return typeof each === "number" && Number.isFinite(each) && each >= 0;
  });
}
