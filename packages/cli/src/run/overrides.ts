import { parseDuration, UserError } from "@claude-orchestrator/domain";
import type { InstancePlan, PermissionMode, Plan } from "@claude-orchestrator/domain";
import { nearest } from "@claude-orchestrator/config";
import { agentByName } from "@claude-orchestrator/agents";

/** What flags say over every instance; what is absent leaves the file's word. (What concerns the whole plan is config's.) */
export interface Overrides {
  readonly name?: string;
  readonly timeoutMs?: number;
  readonly model?: string;
  readonly permissionMode?: PermissionMode;
  readonly allowedTools?: readonly string[];
  readonly maxTurns?: number;
  /** Only these instances, and what they need. */
  readonly only?: readonly string[];
}

/** The plan as the flags want it. @throws UserError usage, instance-not-found */
export function overridePlan(plan: Plan, overrides: Overrides): Plan {
  const chosen = overrides.only === undefined ? plan.instances : chooseInstances(plan, overrides.only);
  return {
    ...plan,
    ...(overrides.name === undefined ? {} : { name: overrides.name }),
    instances: chosen.map((instance) => overrideInstance(instance, overrides)),
  };
}

/** Flags that speak of models leave instances alone that run a program of the person's own. */
function overrideInstance(instance: InstancePlan, overrides: Overrides): InstancePlan {
  const timeout = overrides.timeoutMs === undefined ? {} : { timeoutMs: overrides.timeoutMs };
  if (agentByName(instance.agent)?.program === undefined) return { ...instance, ...timeout };
  return {
    ...instance,
    ...timeout,
    ...(overrides.model === undefined ? {} : { model: overrides.model }),
    ...(overrides.permissionMode === undefined ? {} : { permissionMode: overrides.permissionMode }),
    ...(overrides.allowedTools === undefined ? {} : { allowedTools: overrides.allowedTools }),
    ...(overrides.maxTurns === undefined ? {} : { maxTurns: overrides.maxTurns }),
  };
}

/** The named instances or groups with everything they need, in the plan's order. */
function chooseInstances(plan: Plan, names: readonly string[]): readonly InstancePlan[] {
  const chosen = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const members = plan.instances.filter((each) => each.name === name || each.group === name);
    if (members.length === 0) throw unknownInstance(plan, name);
    for (const member of members) {
      if (chosen.has(member.name)) continue;
      chosen.add(member.name);
      waiting.push(...member.needs.map((need) => need.instance));
    }
  }
  return plan.instances.filter((instance) => chosen.has(instance.name));
}

/** The sentence for a name that is no instance of the plan. */
export function unknownInstance(plan: Plan, name: string): UserError {
  const names = plan.instances.map((each) => each.name);
  const near = nearest(name, names);
  return new UserError("instance-not-found", `There is no instance \`${name}\` in this run`, {
    hint:
      near === undefined
        ? `there ${names.length === 1 ? "is" : "are"} ${names.slice(0, 12).join(", ")}${names.length > 12 ? ", …" : ""}`
        : `did you mean \`${near}\`?`,
  });
}

/** A duration as typed after a flag, in ms. @throws UserError usage */
export function readDuration(flag: string, text: string): number {
  const ms = parseDuration(/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text);
  if (ms === undefined) {
    throw new UserError("usage", `\`--${flag}\` needs a duration, not \`${text}\``, {
      hint: "such as 90 (seconds), 90s, 15m or 1h30m",
    });
  }
  return ms;
}
