import type { InstancePlan, Plan } from "./plan.ts";

/**
 * What a name in `needs` stands for: the instance of that name; else all members of a matrix, or the last of a sequence,
 * written under that name. Empty where there is none.
 */
export function membersOf(plan: Pick<Plan, "instances">, name: string): readonly InstancePlan[] {
  const exact = plan.instances.find((instance) => instance.name === name);
  return namedSo(exact, exact === undefined ? plan.instances.filter(({ group }) => group === name) : []);
}

/** `membersOf` for whoever asks for many names: the plan is gone through once. */
export function membersIn(plan: Pick<Plan, "instances">): (name: string) => readonly InstancePlan[] {
  const byName = new Map(plan.instances.toReversed().map((instance) => [instance.name, instance]));
  const byGroup = Map.groupBy(plan.instances, ({ group }) => group);
  const known = new Map<string, readonly InstancePlan[]>();
  return (name) => {
    const members = known.get(name) ?? namedSo(byName.get(name), byGroup.get(name) ?? []);
    known.set(name, members);
    return members;
  };
}

function namedSo(exact: InstancePlan | undefined, group: readonly InstancePlan[]): readonly InstancePlan[] {
  if (exact !== undefined) return [exact];
  return group.some(({ matrix }) => matrix !== undefined) ? group : group.slice(-1);
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
  const members = membersIn(plan);
  const ordered = new Set<InstancePlan>();
  const begun = new Set<InstancePlan>();
  const visit = (instance: InstancePlan): void => {
    if (begun.has(instance)) return;
    begun.add(instance);
    for (const need of instance.needs) for (const member of members(need.instance)) visit(member);
    ordered.add(instance);
  };
  for (const instance of plan.instances) visit(instance);
  return [...ordered];
}
