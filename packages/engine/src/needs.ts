import { evaluateExpression, ExpressionError, isTruthy, membersOf, wholeOf } from "@claude-orchestrator/domain";
import type { InstancePlan, InstanceState, Need, Plan, RunState, Verdict } from "@claude-orchestrator/domain";
import { scopeOf } from "./scope.ts";

/** What an instance's needs say of it now. `skip` and `broken` give the reason in words. */
export type Readiness =
  | { readonly is: "waiting" }
  | { readonly is: "ready" }
  | { readonly is: "skip" | "broken"; readonly reason: string };

export interface ResolvedNeed {
  readonly need: Need;
  readonly members: readonly InstancePlan[];
  /** With all steps of a sequence, where `members` is only its last. */
  readonly whole: readonly InstancePlan[];
}

/** Each instance's needs with the instances they stand for, looked up once for the whole run. */
export function resolveNeeds(plan: Plan): ReadonlyMap<string, readonly ResolvedNeed[]> {
  return new Map(
    plan.instances.map((instance) => [
      instance.name,
      instance.needs.map((need) => ({
        need,
        members: membersOf(plan, need.instance),
        whole: wholeOf(plan, need.instance),
      })),
    ]),
  );
}

/**
 * Decides by what has settled so far. An instance is skipped as soon as one need can no longer hold, and is ready once
 * every need has settled and holds.
 */
export function readiness(state: RunState, instance: InstancePlan, needs: readonly ResolvedNeed[]): Readiness {
  let waiting = false;
  for (const need of needs) {
    const answer = askNeed(state, instance, need);
    if (answer.is === "skip" || answer.is === "broken") return answer;
    if (answer.is === "waiting") waiting = true;
  }
  return waiting ? { is: "waiting" } : { is: "ready" };
}

function askNeed(state: RunState, instance: InstancePlan, { need, members, whole }: ResolvedNeed): Readiness {
  const settled = members.flatMap((plan) => {
    const found = state.instances.get(plan.name);
    return found?.phase.status === "settled" ? [{ plan, state: found, verdict: found.phase.verdict }] : [];
  });
  if (need.when === "success") {
    const failed = settled.find((each) => !countsAsSuccess(each.plan, each.state));
    if (failed !== undefined) {
      return { is: "skip", reason: `it needs \`${failed.plan.name}\`, which ${verdictWords(failed.verdict)}` };
    }
  }
  if (settled.length < members.length) return { is: "waiting" };
  if (need.when === "failure" && !whole.some(({ name }) => hasFailed(state.instances.get(name)))) {
    return { is: "skip", reason: `it runs only if \`${need.instance}\` fails, which did not happen` };
  }
  if (typeof need.when === "object") return askExpression(state, instance, need.instance, need.when.expression);
  return { is: "ready" };
}

function askExpression(state: RunState, instance: InstancePlan, needed: string, expression: string): Readiness {
  try {
    if (isTruthy(evaluateExpression(expression, scopeOf(state, instance)))) return { is: "ready" };
    return { is: "skip", reason: `its condition on \`${needed}\` is not true: ${expression}` };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { is: "broken", reason: `its condition on \`${needed}\` cannot be answered: ${error.message}` };
  }
}

/** True for a settled instance whose dependents may go on: it succeeded, or its failure was declared harmless. */
export function countsAsSuccess(plan: InstancePlan, state: InstanceState): boolean {
  if (state.phase.status !== "settled") return false;
  if (state.phase.verdict === "succeeded") return true;
  return plan.continueOnFailure && hasFailed(state) && state.phase.verdict !== "stopped";
}

function hasFailed(state: InstanceState | undefined): boolean {
  return state?.phase.status === "settled" && state.phase.verdict !== "succeeded" && state.phase.verdict !== "skipped";
}

function verdictWords(verdict: Verdict): string {
  switch (verdict) {
    case "skipped":
    case "stopped":
    case "blocked":
      return `was ${verdict}`;
    case "timed_out":
      return "timed out";
    case "budget_exceeded":
      return "was stopped by its budget";
    case "rate_limited":
      return "was rate limited";
    case "incomplete":
      return "ended without a result";
    default:
      return verdict;
  }
}
