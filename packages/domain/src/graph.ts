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
