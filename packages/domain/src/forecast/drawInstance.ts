import type { InstancePlan } from "../plan.ts";
import type { Basis } from "./basis.ts";
import { basisOf, kindsOf } from "./basis.ts";
import type { Belief } from "./belief.ts";
import { beliefOf, fromLog, narrowed } from "./belief.ts";
import { normalFrom, normalQuantile } from "./chance.ts";
import type { History, Observation } from "./observation.ts";
import type { Spread } from "./priors.ts";
import { priorOf } from "./priors.ts";

/** One instance in each of the runs that are made up. */
export interface DrawnInstance {
  readonly instance: InstancePlan;
  readonly basis: Basis;
  /** How likely it is that it runs at all. */
  readonly chance: number;
  readonly runs: readonly boolean[];
  readonly tokens: readonly number[];
  readonly costUsd?: readonly number[];
  readonly durationMs: readonly number[];
}

export interface Dice {
  /** What all instances of a made-up run share, one for each run. */
  readonly common: readonly number[];
  readonly random: () => number;
}

/**
 * How much of what makes an instance dearer or slower than usual does so to all of one run (a larger change, a slow day), as a
 * correlation. A guess; `forecast check` says what comes of it.
 */
const shared = 0.3;

/** Costs are looked at in millionths, so that cents have a logarithm to speak of. */
const microdollars = 1e6;

export function drawInstance(instance: InstancePlan, run: string, history: History, dice: Dice): DrawnInstance {
  const kinds = kindsOf(instance, run, history.observations);
  const prior = priorOf(instance);
  const believed = (assumed: Spread | undefined, pick: (seen: Observation) => number | undefined) => {
    const wider = assumed === undefined ? undefined : beliefOf(assumed.p50, assumed.p90);
    return kinds.reduce<Belief | undefined>((belief, { seen }) => narrowed(belief, known(seen.map(pick))), wider);
  };
  const tokens = believed(prior.tokens, (seen) => seen.tokens);
  const cost = believed(inMicrodollars(prior.costUsd), (seen) => seen.costUsd && seen.costUsd * microdollars);
  const duration = believed(prior.durationMs, (seen) => seen.durationMs);
  const scores = scoresOf(dice);
  const chance = chanceOf(instance, run, history);
  return {
    instance,
    basis: basisOf(kinds),
    chance,
    runs: dice.common.map(() => dice.random() < chance),
    tokens: amountsOf(tokens, scores),
    ...(cost === undefined ? {} : { costUsd: amountsOf(cost, scores).map((amount) => amount / microdollars) }),
    durationMs: amountsOf(duration, scores).map((ms) => Math.min(ms, longestOf(instance))),
  };
}

/** The p50 and p90 of what was drawn. */
export function spreadOf(drawn: readonly number[]): Spread {
  const sorted = drawn.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p90: at(0.9) };
}

function known(amounts: readonly (number | undefined)[]): readonly number[] {
  return amounts.filter((amount) => amount !== undefined);
}

function inMicrodollars(spread: Spread | undefined): Spread | undefined {
  return spread === undefined ? undefined : { p50: spread.p50 * microdollars, p90: spread.p90 * microdollars };
}

function amountsOf(belief: Belief | undefined, scores: readonly number[]): readonly number[] {
  if (belief === undefined) return scores.map(() => 0);
  const deviation = Math.sqrt(belief.variance);
  return scores.map((score) => fromLog(belief.mean + score * deviation));
}

/**
 * How far from its middle the instance is in each run made up, in deviations: every quantile once, so that its own p50 and p90
 * are not a matter of luck, in an order that chance and what the run shares decide.
 */
function scoresOf({ common, random }: Dice): readonly number[] {
  const luck = common.map((each) => Math.sqrt(shared) * each + Math.sqrt(1 - shared) * normalFrom(random));
  const order = luck.map((_, at) => at).toSorted((a, b) => (luck[a] ?? 0) - (luck[b] ?? 0));
  const scores = luck.map(() => 0);
  for (const [rank, at] of order.entries()) scores[at] = normalQuantile((rank + 0.5) / luck.length);
  return scores;
}

/** By how often its conditions let it run in runs of that name; without a run that skipped it, for sure. */
function chanceOf({ name }: InstancePlan, run: string, { observations, skipped }: History): number {
  const isIt = (each: { readonly run: string; readonly name: string }): boolean =>
    each.run === run && each.name === name;
  const left = skipped.filter(isIt).length;
  const ran = observations.filter(isIt).length;
  return (ran + 1) / (ran + left + 1);
}

function longestOf({ timeoutMs = Infinity, retry }: InstancePlan): number {
  return timeoutMs * retry.attempts;
}
