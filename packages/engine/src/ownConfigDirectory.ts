import type { InstancePlan, Plan } from "@claude-orchestrator/domain";
import type { AgentAdapter, ConfigDirectory, EnvironmentSource } from "./ports.ts";

/**
 * The folder that an instance's agent keeps its settings and sessions in, where it asks for one of its own and its agent can have
 * one, with the variable that says so.
 *
 * @param path absolute; it lives as long as the run, so that every attempt and every later supervisor finds its session there
 */
export function ownConfigDirectory(
  { configDirectory }: AgentAdapter,
  { agentConfig }: InstancePlan,
  path: string,
  environment: EnvironmentSource,
): { readonly env: Readonly<Record<string, string>>; readonly directory: ConfigDirectory } | undefined {
  if (agentConfig !== "own" || configDirectory === undefined) return undefined;
  const { env, home, links, files } = configDirectory;
  const persons = environment.get(env) ?? `${environment.get("HOME") ?? environment.get("USERPROFILE") ?? ""}/${home}`;
  return {
    env: { [env]: path },
    directory: { path, files, links: Object.fromEntries(links.map((name) => [name, `${persons}/${name}`])) },
  };
}

/** Whose folder it is: a session is continued where it was begun. */
export function sessionOwner({ instances }: Pick<Plan, "instances">, instance: InstancePlan): InstancePlan {
  const before = instances.find(({ name }) => name === instance.session.follows);
  return before === undefined || before.name === instance.name ? instance : sessionOwner({ instances }, before);
}
