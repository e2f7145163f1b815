import { formatAmount, limitCovers, scopeWords } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstanceState, RunState } from "@claude-orchestrator/domain";

/** A limit that keeps instances of a run that goes on from their work. Never without any. */
export interface SpentLimit {
  readonly limit: BudgetLimit;
  /** Those that start, or whose request is sent, once there is room. */
  readonly held: readonly InstanceState[];
  /** Those that it has ended, or refused a request: they have to be asked for again. */
  readonly ended: readonly InstanceState[];
}

/** Pure. In the order of the plan. */
export function spentLimits(state: RunState): readonly SpentLimit[] {
  return state.plan.limits.flatMap((limit) => {
    const covered = state.plan.instances.filter((instance) => limitCovers(limit, instance));
    const blamed = covered.flatMap(({ name }) => state.instances.get(name) ?? []).filter((each) => blames(each, limit));
    const held = blamed.filter(({ phase }) => phase.status !== "settled");
    const ended = blamed.filter(({ phase }) => phase.status === "settled");
    return blamed.length === 0 ? [] : [{ limit, held, ended }];
  });
}

/** The log tells which limit it was in the reason only: whose it is, and of how much. */
function blames(instance: InstanceState, { scope, unit, limit }: BudgetLimit): boolean {
  const reason = keptBy(instance);
  const isOfIt = reason?.includes(`the budget of ${scopeWords(scope)} `) === true;
  return isOfIt && reason.includes(` of ${formatAmount(unit, limit)}`);
}

/** Why an instance does not start, or its request is not sent, or it was ended over a budget; undefined where it is not so. */
export function keptBy({ phase, attempts }: InstanceState): string | undefined {
  if (phase.status === "held") return phase.reason;
  if (phase.status === "settled") return phase.verdict === "budget_exceeded" ? phase.reason : undefined;
  const last = attempts.at(-1)?.last;
  return phase.status === "running" && last?.kind === "waiting" ? last.text : undefined;
}
