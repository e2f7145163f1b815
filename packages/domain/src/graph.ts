import type { InstancePlan, Plan } from "./plan.ts";

/**
 * What a name in `needs` stands for: the instance of that name; else all members of a matrix, or the last of a sequence,
 * written under that name. Empty where there is none.
 */
export function membersOf(plan: Pick<Plan, "instances">, name: string): readonly InstancePlan[] {
  const exact = plan.instances.find((instance) => instance.name === name);
  if (exact !== undefined) return [exact];
  const members = plan.instances.filter((instance) => instance.group === name);
  const isMatrix = members.some((member) => member.matrix !== undefined);
  return isMatrix ? members : members.slice(-1);
}

/**
 * All steps of the sequence, or members of the matrix, that a name in `needs` stands for: one of them that failed is a
 * failure of the whole, even where the last step of a sequence was only skipped for it.
 */
export function wholeOf(plan: Pick<Plan, "instances">, name: string): readonly InstancePlan[] {
  const exact = plan.instances.find((instance) => instance.name === name);
  return exact === undefined ? plan.instances.filter((instance) => instance.group === name) : [exact];
}

/** The instances so that each comes after what it needs; where that leaves a choice, in the order of the file. */
export function inGraphOrder(plan: Pick<Plan, "instances">): readonly InstancePlan[] {
  const ordered = new Set<InstancePlan>();
  const begun = new Set<InstancePlan>();
  const visit = (instance: InstancePlan): void => {
    if (begun.has(instance)) return;
    begun.add(instance);
    for (const need of instance.needs) for (const member of membersOf(plan, need.instance)) visit(member);
    ordered.add(instance);
  };
  for (const instance of plan.instances) visit(instance);
  return [...ordered];
}
