import { isSameLimit, limitCovers } from "@claude-orchestrator/domain";
import type { BudgetLimit, InstancePlan, RunEvent, RunState } from "@claude-orchestrator/domain";
import type { EngineParts } from "./door.ts";

/*
 * A cheaper model before a budget blocks.
 *
 * 1. An instance is downgraded once: where the cheaper model does not fit either, the budget blocks.
 * 2. It is decided by the log alone, and told in it before an attempt begins with the other model.
 */

/** The instance as it works now. */
export function asDowngraded({ instances }: RunState, instance: InstancePlan): InstancePlan {
  const model = instances.get(instance.name)?.downgradedTo;
  return model === undefined ? instance : { ...instance, model };
}

/** Told before an attempt begins: a limit that covers it is nearly spent, and asks for a cheaper model. */
export function downgradeBefore(state: RunState, instance: InstancePlan, agents: Agents): RunEvent | undefined {
  const isNear = (limit: BudgetLimit): boolean => {
    return state.budgetNotes.some((note) => isSameLimit(note, limit) && note.limit === limit.limit);
  };
  return takesModel(instance, agents) ? downgrade(state, instance, isNear) : undefined;
}

/** Told after an attempt that a budget ended: it goes on with a cheaper model, where a limit asks for that. */
export function downgradeAfter(state: RunState, instance: InstancePlan, agents: Agents): RunEvent | undefined {
  return takesModel(instance, agents) ? downgrade(state, instance, () => true) : undefined;
}

type Agents = EngineParts["agents"];

/** An agent that calls a model can call another one. */
function takesModel({ agent }: InstancePlan, agents: Agents): boolean {
  const usage = agents.get(agent)?.capabilities.usage;
  return usage === "live" || usage === "end";
}

function downgrade(
  { plan, instances }: RunState,
  instance: InstancePlan,
  concerns: (limit: BudgetLimit) => boolean,
): RunEvent | undefined {
  if (instances.get(instance.name)?.downgradedTo !== undefined) return undefined;
  const limit = plan.limits.find((each) => {
    const isOther = each.downgrade !== undefined && each.downgrade !== instance.model;
    return isOther && each.enforcement === "block" && limitCovers(each, instance) && concerns(each);
  });
  if (limit?.downgrade === undefined) return undefined;
  const { scope, unit, limit: amount } = limit;
  return { type: "model-downgraded", instance: instance.name, model: limit.downgrade, scope, unit, limit: amount };
}
