import { agentByName } from "@claude-orchestrator/agents";
import type { Lock, Policy } from "@claude-orchestrator/config/file";
import { formatAmount } from "@claude-orchestrator/domain";
import type { InstancePlan, Plan } from "@claude-orchestrator/domain";
import { gatewayPaths, pastGateway } from "../gateway/gatewayPaths.ts";
import type { Io } from "../io/channel.ts";
import type { Obstacle } from "../run/problems.ts";
import { askAdministrator, refusal } from "./refusal.ts";

/** Where a plan goes against the policy, a sentence each with the line that says so. `isPlayed`: no model is asked. */
export function planObstacles(
  policy: Policy,
  plan: Plan,
  { env, isPlayed }: { readonly env: Io["env"]; readonly isPlayed: boolean },
): readonly Obstacle[] {
  const { locks } = policy;
  const asking = plan.instances.filter(({ agent }) => agentByName(agent)?.program !== undefined);
  return [
    ...unlike(locks.agents, plan.instances, { of: ({ agent }) => agent, what: "agent" }),
    ...unlike(locks.permission_modes, asking, { of: ({ permissionMode }) => permissionMode, what: "permission mode" }),
    ...trusting(locks.trust_workspace, plan.instances),
    ...(isPlayed || asking.length === 0 ? [] : pastObstacles(locks.gateway, plan, { env })),
    ...(asking.length === 0 ? [] : budgetObstacles(locks.max_budget, plan)),
    ...telemetryObstacles(locks.telemetry, plan),
  ];
}

/** Instances whose value is not among those allowed, by that value. */
function unlike(
  lock: Lock<readonly string[]> | undefined,
  instances: readonly InstancePlan[],
  { of, what }: { readonly of: (instance: InstancePlan) => string; readonly what: string },
): readonly Obstacle[] {
  if (lock === undefined) return [];
  const others = new Set(instances.map(of).filter((value) => !lock.value.includes(value)));
  return [...others].map((value) => {
    const names = namesOf(instances.filter((instance) => of(instance) === value));
    return refusal(
      lock.at,
      `${names} would work with the ${what} \`${value}\`, and the policy allows ${lock.value.join(", ")}`,
      `name one it allows, or ${askAdministrator}`,
    );
  });
}

function trusting(lock: Lock<"never"> | undefined, instances: readonly InstancePlan[]): readonly Obstacle[] {
  const names = instances.filter(({ trustWorkspace }) => trustWorkspace);
  if (lock === undefined || names.length === 0) return [];
  const message = `${namesOf(names)} would load settings, hooks and MCP servers of the workspace, and the policy never allows it`;
  return [refusal(lock.at, message, "leave `trust_workspace` (and `--trust-workspace`) out")];
}

function pastObstacles(lock: Lock<"required"> | undefined, plan: Plan, io: Pick<Io, "env">): readonly Obstacle[] {
  if (lock === undefined) return [];
  if (plan.gateway === undefined) {
    const message = "Agents would ask their models themselves, and the policy requires the gateway";
    return [refusal(lock.at, message, "write `gateway: on`, or add `--gateway on`")];
  }
  return [...pastGateway(gatewayPaths(plan, io))].map(([why, names]) =>
    refusal(
      lock.at,
      `${names.join(", ")} would ask past the gateway, which the policy requires: ${why}`,
      askAdministrator,
    ),
  );
}

const units = [
  { field: "cost_usd", unit: "cost_usd", flag: "--budget-usd" },
  { field: "tokens", unit: "tokens", flag: "--budget-tokens" },
] as const;

function budgetObstacles(
  lock: Lock<{ readonly cost_usd?: number | undefined; readonly tokens?: number | undefined }> | undefined,
  { limits }: Plan,
): readonly Obstacle[] {
  if (lock === undefined) return [];
  return units.flatMap(({ field, unit, flag }): readonly Obstacle[] => {
    const most = lock.value[field];
    const holding = limits.filter((limit) => limit.scope.kind === "run" && limit.unit === unit);
    if (most === undefined || holding.some(({ limit, enforcement }) => enforcement === "block" && limit <= most))
      return [];
    const [largest] = holding.map(({ limit }) => limit).filter((limit) => limit > most);
    const has =
      largest === undefined
        ? "The run has no such budget that stops it"
        : `The run may spend ${formatAmount(unit, largest)}`;
    const message = `${has}, and the policy wants one of at most ${formatAmount(unit, most)}`;
    return [refusal(lock.at, message, `add \`${flag} ${most} --on-exceed block\`, or write it into \`budget\``)];
  });
}

function telemetryObstacles(lock: Lock<"off"> | undefined, { telemetry }: Plan): readonly Obstacle[] {
  if (lock === undefined || telemetry === undefined) return [];
  const message = "The run would tell spans or metrics to other programs, and the policy has telemetry off";
  return [refusal(lock.at, message, "leave `telemetry` out, or add `--telemetry off`")];
}

/** However many there are, the sentence stays one. */
const mostNames = 12;

function namesOf(instances: readonly InstancePlan[]): string {
  const more = instances.length - mostNames;
  const shown = instances.slice(0, mostNames).map(({ name }) => `\`${name}\``);
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
