import { limitCovers } from "../budget.ts";
import { membersOf } from "../graph.ts";
import type { BudgetLimit, InstancePlan, Plan } from "../plan.ts";
import type { Basis } from "./basis.ts";
import { normalFrom, seededRandom } from "./chance.ts";
import type { DrawnInstance } from "./drawInstance.ts";
import { drawInstance, spreadOf } from "./drawInstance.ts";
import { makespan } from "./makespan.ts";
import type { History } from "./observation.ts";
import type { Spread } from "./priors.ts";

export interface InstanceForecast {
  readonly name: string;
  /** What it takes where it runs, all its attempts together. */
  readonly tokens: Spread;
  /** Absent where nobody knows what its model costs. */
  readonly costUsd?: Spread;
  /** Its time at work. */
  readonly durationMs: Spread;
  /** How likely it is that its conditions let it run at all, from 0 to 1: by how often they did. */
  readonly chance: number;
  readonly basis: Basis;
}

export interface LimitForecast {
  readonly limit: BudgetLimit;
  /** What will count against it, of a window all that the run spends. Absent where a cost among it is not known. */
  readonly amount?: Spread;
  /** How likely that is to be more than the limit, from 0 to 1. */
  readonly over?: number;
}

export interface Forecast {
  readonly instances: readonly InstanceForecast[];
  readonly tokens: Spread;
  /** Absent where the cost of some instance is not known. */
  readonly costUsd?: Spread;
  readonly durationMs: Spread;
  readonly limits: readonly LimitForecast[];
}

export interface ForecastOptions {
  /** How many runs are made up. */
  readonly draws?: number;
  readonly seed?: number;
}

/**
 * What a run of this plan will take: by what earlier ones took and, where nothing like it has run, by what is assumed. The run
 * as a whole is made up many times over, so that its p90 is not the sum of its instances' (those are not all dear at once), and
 * its duration that of the graph. Budgets stop nothing in it. The same input gives the same forecast.
 */
export function forecastRun(plan: Plan, history: History, { draws = 1000, seed = 1 }: ForecastOptions = {}): Forecast {
  const random = seededRandom(seed);
  const common = Array.from({ length: draws }, () => normalFrom(random));
  const drawn = plan.instances.map((instance) => drawInstance(instance, plan.name, history, { common, random }));
  const costs = sumOf(drawn, "costUsd", draws);
  return {
    instances: drawn.map(instanceForecast),
    tokens: spreadOf(sumOf(drawn, "tokens", draws) ?? []),
    ...(costs === undefined ? {} : { costUsd: spreadOf(costs) }),
    durationMs: spreadOf(lengthsOf(plan, drawn, draws)),
    limits: plan.limits.map((limit) => limitForecast(limit, drawn, draws)),
  };
}

function instanceForecast({ instance, basis, chance, tokens, costUsd, durationMs }: DrawnInstance): InstanceForecast {
  return {
    name: instance.name,
    tokens: spreadOf(tokens),
    ...(costUsd === undefined ? {} : { costUsd: spreadOf(costUsd) }),
    durationMs: spreadOf(durationMs),
    chance,
    basis,
  };
}

function limitForecast(limit: BudgetLimit, drawn: readonly DrawnInstance[], draws: number): LimitForecast {
  const covered = drawn.filter(({ instance }) => limitCovers(limit, instance));
  const sums = sumOf(covered, limit.unit === "tokens" ? "tokens" : "costUsd", draws);
  if (sums === undefined) return { limit };
  return { limit, amount: spreadOf(sums), over: sums.filter((sum) => sum > limit.limit).length / draws };
}

/** Of each run made up; undefined where an amount in it is not known. */
function sumOf(
  drawn: readonly DrawnInstance[],
  what: "tokens" | "costUsd",
  draws: number,
): readonly number[] | undefined {
  const sums = Array.from({ length: draws }, () => 0);
  for (const { runs, [what]: amounts } of drawn) {
    if (amounts === undefined) return undefined;
    for (const [at, amount] of amounts.entries()) if (runs[at] === true) sums[at] = (sums[at] ?? 0) + amount;
  }
  return sums;
}

function lengthsOf(plan: Plan, drawn: readonly DrawnInstance[], draws: number): readonly number[] {
  const order = drawn.toSorted((a, b) => b.instance.priority - a.instance.priority);
  const places = new Map(order.map(({ instance }, at) => [instance.name, at] as const));
  const jobs = order.map(({ instance }) => ({ after: placesOfNeeds(plan, instance, places) }));
  return Array.from({ length: draws }, (_, run) =>
    makespan(
      jobs,
      order.map(({ runs, durationMs }) => (runs[run] === true ? durationMs[run] : undefined)),
      plan,
    ),
  );
}

function placesOfNeeds(plan: Plan, { needs }: InstancePlan, places: ReadonlyMap<string, number>): readonly number[] {
  const members = needs.flatMap((need) => membersOf(plan, need.instance));
  return [...new Set(members.flatMap(({ name }) => places.get(name) ?? []))];
}
