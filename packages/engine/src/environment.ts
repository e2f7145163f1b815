import type { InstancePlan, RunId } from "@claude-orchestrator/domain";
import type { AgentAdapter, EnvironmentSource, Invocation } from "./ports.ts";

/**
 * The variable in the environment of everything an attempt starts, by which it is found again whatever it becomes. The
 * run is part of the name: an orchestrator that runs inside an agent adds its own and hides nothing from the outer one.
 */
export function markerName(run: RunId): string {
  return `CLAUDE_ORCHESTRATOR_ATTEMPT_${run}`;
}

/**
 * The whole environment of an attempt, built from nothing: the documented short list, the agent's own credentials and
 * endpoints, the names the file passes through, what the adapter needs, and last the file's own values.
 */
export function composeEnvironment(
  source: EnvironmentSource,
  adapter: AgentAdapter,
  instance: InstancePlan,
  invocation: Pick<Invocation, "env"> & { readonly hidden?: readonly string[] },
): Readonly<Record<string, string>> {
  const passed: Record<string, string> = {};
  for (const name of [...adapter.passEnv, ...instance.env.pass]) {
    if (invocation.hidden?.includes(name) === true) continue;
    const value = source.get(name);
    if (value !== undefined) passed[name] = value;
  }
  return { ...source.base(), ...passed, ...invocation.env, ...instance.env.values };
}
