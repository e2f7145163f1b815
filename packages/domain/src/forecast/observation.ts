import type { RunId } from "../ids.ts";
import type { InstanceState } from "../instanceState.ts";
import type { InstancePlan, Plan } from "../plan.ts";
import type { RunState } from "../runState.ts";
import { totalSpending } from "../runState.ts";
import { totalTokens } from "../usage.ts";

/** What one instance of a past run came to: all its attempts together, those that failed among them. */
export interface Observation {
  /** When its last attempt ended, ms since 1970. */
  readonly at: number;
  /** Name of the run it was part of. */
  readonly run: string;
  readonly name: string;
  readonly group: string;
  readonly commandKey?: string;
  readonly agent: string;
  /** As it was asked for; absent: the agent's own choice. */
  readonly model?: string;
  readonly tokens: number;
  /** Absent where some model's price is not known. */
  readonly costUsd?: number;
  /** Its attempts' time at work; what it waited between them is left out. */
  readonly durationMs: number;
}

/** An instance that its conditions kept from running. */
export interface Skipped {
  readonly at: number;
  readonly run: string;
  readonly name: string;
}

/** A run as far as forecasts are made from it, and held against it. */
export interface PastRun {
  readonly id: RunId;
  readonly createdAt: number;
  readonly plan: Plan;
  readonly observations: readonly Observation[];
  readonly skipped: readonly Skipped[];
  /** What it came to; only where it went to its end by itself: what was stopped says nothing of what it would have been. */
  readonly came?: RunTotals;
}

export interface RunTotals {
  readonly tokens: number;
  readonly costUsd?: number;
  /** From its first start to its last end. */
  readonly durationMs: number;
}

/** Undefined for a run whose model was a stand-in: it cost nothing, and says nothing of one that does. */
export function pastRunOf(state: RunState): PastRun | undefined {
  if (state.demo !== undefined) return undefined;
  const instances = state.plan.instances.flatMap((plan) => {
    const instance = state.instances.get(plan.name);
    return instance === undefined ? [] : [{ plan, instance }];
  });
  const came = totalsOf(state);
  return {
    id: state.id,
    createdAt: state.createdAt,
    plan: state.plan,
    observations: instances.flatMap(({ plan, instance }) => observe(state.plan.name, plan, instance) ?? []),
    skipped: instances.flatMap(({ instance: { name, phase, attempts } }) =>
      phase.status === "settled" && phase.verdict === "skipped" && attempts.length === 0
        ? [{ at: phase.at, run: state.plan.name, name }]
        : [],
    ),
    ...(came === undefined ? {} : { came }),
  };
}

/** Of what a person stopped, or an earlier end of us, only the beginning is known: that is no observation. */
function observe(run: string, plan: InstancePlan, { phase, attempts, spent }: InstanceState): Observation | undefined {
  const last = attempts.at(-1)?.end;
  if (phase.status !== "settled" || phase.verdict === "stopped" || last === undefined) return undefined;
  const { name, group, commandKey, agent, model } = plan;
  return {
    at: last.at,
    run,
    name,
    group,
    ...(commandKey === undefined ? {} : { commandKey }),
    agent,
    ...(model === undefined ? {} : { model }),
    tokens: totalTokens(spent.usage),
    ...(spent.costUsd === undefined ? {} : { costUsd: spent.costUsd }),
    durationMs: attempts.reduce((sum, { end }) => sum + (end?.durationMs ?? 0), 0),
  };
}

function totalsOf(state: RunState): RunTotals | undefined {
  const { phase, instances, resumes } = state;
  if (phase.status !== "settled" || resumes > 0) return undefined;
  if (phase.outcome === "stopped" || phase.outcome === "budget_exceeded") return undefined;
  const attempts = [...instances.values()].flatMap((instance) => instance.attempts);
  if (attempts.length === 0) return undefined;
  const starts = attempts.map(({ plannedAt }) => plannedAt);
  const ends = attempts.map(({ end, plannedAt }) => end?.at ?? plannedAt);
  const { usage, costUsd } = totalSpending(state);
  return {
    tokens: totalTokens(usage),
    ...(costUsd === undefined ? {} : { costUsd }),
    durationMs: earliestAndLatest(starts, ends),
  };
}

function earliestAndLatest(starts: readonly number[], ends: readonly number[]): number {
  const first = starts.reduce((least, each) => Math.min(least, each), Infinity);
  const last = ends.reduce((most, each) => Math.max(most, each), -Infinity);
  return Math.max(0, last - first);
}

/** What earlier runs tell a forecast. */
export interface History {
  readonly observations: readonly Observation[];
  readonly skipped: readonly Skipped[];
}

/** What was known at `before` of the runs in that workspace. */
export function historyOf(runs: readonly PastRun[], workspace: string, before = Infinity): History {
  const here = runs.filter(({ plan, createdAt }) => plan.workspace === workspace && createdAt < before);
  return {
    observations: here.flatMap(({ observations }) => observations.filter(({ at }) => at <= before)),
    skipped: here.flatMap(({ skipped }) => skipped.filter(({ at }) => at <= before)),
  };
}
