import { agentByName, agents } from "@claude-orchestrator/agents";
import { agentNotInstalled, UserError } from "@claude-orchestrator/domain";
import type { Plan } from "@claude-orchestrator/domain";
import type { LocatedProgram } from "@claude-orchestrator/engine";
import type { AgentAdapter, EnvironmentSource } from "@claude-orchestrator/engine/ports";
import { locateProgram, readVersion } from "@claude-orchestrator/host";
import type { ProgramLocation } from "@claude-orchestrator/host";
import type { Obstacle } from "./problems.ts";

/** An agent as this machine has it. */
export interface AgentOnMachine {
  readonly adapter: AgentAdapter;
  /** Absent for the `command` agent, whose program the file names. */
  readonly location?: ProgramLocation;
  readonly version?: string;
  /** Why its version could not be read. */
  readonly versionProblem?: string;
  /** A sentence for a version known to be bad. */
  readonly knownBad?: string;
}

export interface AgentSearch {
  readonly environment: EnvironmentSource;
  /** `--agent-path`, by agent. */
  readonly paths: ReadonlyMap<string, string>;
}

/** Looks for the programs of these agents and reads their versions, all at once. Never rejects for a missing one. */
export function findAgents(names: readonly string[], search: AgentSearch): Promise<readonly AgentOnMachine[]> {
  const adapters = names.map((name) => agentByName(name)).filter((adapter) => adapter !== undefined);
  return Promise.all(adapters.map((adapter) => findAgent(adapter, search)));
}

async function findAgent(adapter: AgentAdapter, { environment, paths }: AgentSearch): Promise<AgentOnMachine> {
  const { program } = adapter;
  if (program === undefined) return { adapter };
  const explicit = paths.get(adapter.name);
  const path = environment.get("PATH");
  const pathExtensions = environment.get("PATHEXT");
  const location = locateProgram(program, {
    ...(explicit === undefined ? {} : { explicit }),
    packageRoots: [import.meta.dirname],
    path,
    home: environment.get("HOME") ?? environment.get("USERPROFILE"),
    ...(pathExtensions === undefined ? {} : { pathExtensions }),
  });
  if (!location.found) return { adapter, location };
  const { version, problem } = await readVersion(program, location.words, path);
  const knownBad = version === undefined ? undefined : program.knownBad(version);
  return {
    adapter,
    location,
    ...(version === undefined ? {} : { version }),
    ...(problem === undefined ? {} : { versionProblem: problem }),
    ...(knownBad === undefined ? {} : { knownBad }),
  };
}

/** The agents a plan uses, each once. */
export function agentsOf(plan: Plan): readonly string[] {
  return [...new Set(plan.instances.map(({ agent }) => agent))];
}

/** One sentence for each agent whose program is not there. */
export function missingPrograms(found: readonly AgentOnMachine[]): readonly Obstacle[] {
  return found.flatMap(({ adapter, location }): readonly Obstacle[] => {
    if (adapter.program === undefined || location === undefined || location.found) return [];
    const error = agentNotInstalled(adapter.name, adapter.program.binary, location.searched, adapter.program.install);
    return [{ code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }];
  });
}

/** What each adapter says it cannot do of what was asked, named by instance. */
export function refusedByAdapters(plan: Plan): readonly Obstacle[] {
  return plan.instances.flatMap((instance) => {
    const adapter = agentByName(instance.agent);
    const problems = [...(adapter?.problems(instance) ?? [])];
    if (instance.agentConfig === "own" && adapter?.configDirectory === undefined) {
      problems.push(`${instance.agent} cannot keep its settings in another folder (\`agent_config: own\`)`);
    }
    return problems.map((problem) => ({ code: "agent-refused" as const, message: `${instance.name}: ${problem}` }));
  });
}

/** What the person should know of the programs before they run: versions known to be bad, or not to be read. */
export function programNotices(found: readonly AgentOnMachine[]): readonly string[] {
  return found.flatMap(({ adapter, version, knownBad, versionProblem }) => [
    ...(knownBad === undefined ? [] : [`${adapter.name} ${version ?? ""}: ${knownBad}`]),
    ...(versionProblem === undefined ? [] : [`the version of ${adapter.name} could not be read: ${versionProblem}`]),
  ]);
}

/** What the engine needs to know of them. */
export function locatedPrograms(found: readonly AgentOnMachine[]): ReadonlyMap<string, LocatedProgram> {
  return new Map(
    found.flatMap(({ adapter, location, version }) => {
      if (location === undefined || !location.found) return [];
      const located: LocatedProgram = { words: location.words, ...(version === undefined ? {} : { version }) };
      return [[adapter.name, located] as const];
    }),
  );
}

/** `--agent-path AGENT=PATH`, checked. @throws UserError usage */
export function checkAgentPaths(paths: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  for (const name of paths.keys()) {
    if (agentByName(name)?.program !== undefined) continue;
    const known = agents.filter(({ program }) => program !== undefined).map((agent) => agent.name);
    throw new UserError("usage", `\`--agent-path\` names \`${name}\`, which is no agent with a program`, {
      hint: `one of ${known.join(", ")}`,
    });
  }
  return paths;
}
