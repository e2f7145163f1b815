import { formatDuration, formatTokens, knownCost, totalTokens } from "@claude-orchestrator/domain";
import type { InstancePlan, InstanceState, RunState } from "@claude-orchestrator/domain";
import { standingOf } from "../../data/totals.ts";
import { inDollars } from "../../kit/Money.tsx";

/** One side of a row. */
export interface Side {
  readonly standing: string;
  /** From its first attempt to the end of its last; undefined while it works or where it never began. */
  readonly durationMs: number | undefined;
  readonly attempts: number;
  readonly tokens: number;
  readonly cost: number;
}

/** An instance of one name in both runs. */
export interface ComparedInstance {
  readonly name: string;
  readonly a: Side | undefined;
  readonly b: Side | undefined;
  /** How b is another than a, in words; none where nothing worth a word is. */
  readonly differences: readonly string[];
  /** What the plan says otherwise of it. */
  readonly changes: readonly string[];
}

/** Instances are matched by name: those of `a` in its plan's order, then those only `b` has. Pure. */
export function compareRuns(a: RunState, b: RunState): readonly ComparedInstance[] {
  const names = new Set([...a.instances.keys(), ...b.instances.keys()]);
  const plansA = new Map(a.plan.instances.map((each) => [each.name, each]));
  const plansB = new Map(b.plan.instances.map((each) => [each.name, each]));
  return [...names].map((name) => {
    const sideA = sideOf(a.instances.get(name));
    const sideB = sideOf(b.instances.get(name));
    return {
      name,
      a: sideA,
      b: sideB,
      differences: differencesOf(sideA, sideB),
      changes: planChanges(plansA.get(name), plansB.get(name)),
    };
  });
}

/** What the plans say otherwise of the whole run. Pure. */
export function planDifferences({ plan: a }: RunState, { plan: b }: RunState): readonly string[] {
  return [
    a.workspace === b.workspace ? "" : `workspace: ${a.workspace} → ${b.workspace}`,
    a.concurrency === b.concurrency ? "" : `concurrency: ${a.concurrency} → ${b.concurrency}`,
    same(a.limits, b.limits) ? "" : "budget: not the same limits",
    same(a.variables, b.variables) ? "" : "variables: not the same values",
  ].filter((word) => word !== "");
}

function sideOf(instance: InstanceState | undefined): Side | undefined {
  if (instance === undefined) return undefined;
  const first = instance.attempts[0];
  const end = instance.attempts.at(-1)?.end;
  return {
    standing: standingOf(instance),
    durationMs: first === undefined || end === undefined ? undefined : end.at - first.plannedAt,
    attempts: instance.attempts.length,
    tokens: totalTokens(instance.spent.usage),
    cost: knownCost(instance.spent),
  };
}

function differencesOf(a: Side | undefined, b: Side | undefined): readonly string[] {
  if (a === undefined) return ["only in the second"];
  if (b === undefined) return ["only in the first"];
  return [
    a.standing === b.standing ? "" : `${words(a.standing)}, then ${words(b.standing)}`,
    a.attempts === b.attempts ? "" : `${a.attempts} → ${b.attempts} attempts`,
    durationWords(a.durationMs, b.durationMs),
    isMuch(a.tokens, b.tokens, 100)
      ? `${formatTokens(Math.abs(b.tokens - a.tokens))} ${b.tokens > a.tokens ? "more" : "fewer"} tokens`
      : "",
    isMuch(a.cost, b.cost, 0.001)
      ? `${inDollars(Math.abs(b.cost - a.cost))} ${b.cost > a.cost ? "dearer" : "cheaper"}`
      : "",
  ].filter((word) => word !== "");
}

function durationWords(a: number | undefined, b: number | undefined): string {
  if (a === undefined || b === undefined || !isMuch(a, b, 1_000)) return "";
  return `${formatDuration(Math.abs(b - a))} ${b > a ? "longer" : "shorter"}`;
}

/** A tenth of the larger, and not less than `least`: what is less is chance. */
function isMuch(a: number, b: number, least: number): boolean {
  const difference = Math.abs(a - b);
  return difference >= least && difference > 0.1 * Math.max(a, b);
}

const planFields = [
  ["agent", "agent"],
  ["model", "model"],
  ["work", "what is asked"],
  ["needs", "needs"],
  ["permissionMode", "permission mode"],
  ["allowedTools", "allowed tools"],
  ["timeoutMs", "timeout"],
  ["retry", "retry"],
  ["successWhen", "checks"],
  ["isolation", "isolation"],
  ["env", "environment"],
] as const satisfies readonly (readonly [keyof InstancePlan, string])[];

function planChanges(a: InstancePlan | undefined, b: InstancePlan | undefined): readonly string[] {
  if (a === undefined || b === undefined) return [];
  return planFields.flatMap(([field, word]) => {
    const [before, after] = [a[field], b[field]];
    if (same(before, after)) return [];
    return [isWord(before) && isWord(after) ? `${word}: ${before ?? "none"} → ${after ?? "none"}` : `${word}: changed`];
  });
}

function isWord(value: unknown): value is string | number | undefined {
  return value === undefined || typeof value === "string" || typeof value === "number";
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function words(standing: string): string {
  return standing.replaceAll("_", " ");
}
