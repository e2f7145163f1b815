import type { InstancePlan, RunOutcome, RunState, StopCause } from "@claude-orchestrator/domain";
import { countsAsSuccess } from "./needs.ts";

/**
 * How the run ends and the program's exit code: 0 all succeeded, 1 something did not, 3 a budget stopped it, 130 interrupted,
 * 143 ended by SIGTERM or SIGHUP. A skipped instance counts for nothing by itself: what it needed has already counted.
 */
export function decideOutcome(
  state: RunState,
  cause: StopCause | undefined,
): { readonly outcome: RunOutcome; readonly exitCode: number } {
  if (cause?.kind === "user") return { outcome: "stopped", exitCode: exitCodeOf(cause.signal) };
  const bad = state.plan.instances.filter((instance) => isBad(state, instance));
  if (bad.length === 0) return { outcome: "succeeded", exitCode: 0 };
  const byBudget = bad.some((instance) => verdictOf(state, instance) === "budget_exceeded");
  return byBudget ? { outcome: "budget_exceeded", exitCode: 3 } : { outcome: "failed", exitCode: 1 };
}

function exitCodeOf(signal: "SIGINT" | "SIGTERM" | "SIGHUP" | undefined): number {
  return signal === "SIGTERM" || signal === "SIGHUP" ? 143 : 130;
}

function isBad(state: RunState, instance: InstancePlan): boolean {
  const found = state.instances.get(instance.name);
  if (found === undefined || verdictOf(state, instance) === "skipped") return false;
  return !countsAsSuccess(instance, found);
}

function verdictOf(state: RunState, instance: InstancePlan): string | undefined {
  const phase = state.instances.get(instance.name)?.phase;
  return phase?.status === "settled" ? phase.verdict : undefined;
}
