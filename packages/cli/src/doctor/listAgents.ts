import { agents } from "@claude-orchestrator/agents";
import { createEnvironment } from "@claude-orchestrator/host";
import { readPairs } from "../commands/output.ts";
import type { Io } from "../io/channel.ts";
import { checkAgentPaths, findAgents } from "../run/programs.ts";
import type { AgentOnMachine } from "../run/programs.ts";
import { line } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";
import { layTable } from "../views/text/table.ts";

export interface AgentFlags {
  readonly json: boolean;
  readonly "agent-path": readonly string[];
}

/** `agents`: every agent, whether it is here, what it can do. */
export async function listAgents(flags: AgentFlags, io: Io): Promise<number> {
  const found = await findAgents(
    agents.map(({ name }) => name),
    { environment: createEnvironment(io.env), paths: checkAgentPaths(readPairs("agent-path", flags["agent-path"])) },
  );
  if (flags.json) {
    io.out.json(found.map(agentJson));
    return 0;
  }
  const columns = [
    { title: "agent", rank: 4 },
    { title: "installed", rank: 3, shrinkTo: 10 },
    { title: "can do", rank: 1, shrinkTo: 16 },
    { title: "what it is", rank: 2, shrinkTo: 20 },
  ];
  io.out.lines([
    ...layTable(columns, found.map(agentRow), { width: io.out.columns }),
    line(""),
    line("Where they are and whether they are signed in: `doctor`", "quiet"),
  ]);
  return 0;
}

function agentRow(found: AgentOnMachine): Line {
  const { text, good } = installedText(found);
  return [
    { text: found.adapter.name, tone: "strong" },
    { text, tone: good ? "good" : "warn" },
    { text: abilities(found).join(", "), tone: "quiet" },
    { text: found.adapter.about },
  ];
}

/** Whether it is here, in a word or two. */
export function installedText({ adapter, location, version, knownBad }: AgentOnMachine): {
  readonly text: string;
  readonly good: boolean;
} {
  if (adapter.program === undefined) return { text: "built in", good: true };
  if (location === undefined || !location.found) return { text: "not found", good: false };
  if (knownBad !== undefined) return { text: `${version ?? ""} (known bad)`, good: false };
  return { text: version ?? "version unknown", good: version !== undefined };
}

function abilities({ adapter: { capabilities: can } }: AgentOnMachine): readonly string[] {
  const words: readonly (readonly [boolean, string])[] = [
    [can.usage === "live", "tokens while it runs"],
    [can.usage === "end", "tokens at its end"],
    [can.cost !== "none", can.cost === "reported" ? "own cost" : "cost by price list"],
    [can.resume, "resume"],
    [can.structuredOutput, "structured output"],
    [can.commands, "slash commands"],
    [can.mcp, "MCP"],
  ];
  return words.filter(([has]) => has).map(([, word]) => word);
}

/** What `--json` prints of an agent. */
export function agentJson(found: AgentOnMachine): Readonly<Record<string, unknown>> {
  const { adapter, location, version, knownBad, versionProblem } = found;
  return {
    name: adapter.name,
    about: adapter.about,
    installed: adapter.program === undefined || location?.found === true,
    path: location?.found === true ? location.words : null,
    version: version ?? null,
    known_bad: knownBad ?? null,
    version_problem: versionProblem ?? null,
    install: adapter.program?.install ?? null,
    capabilities: adapter.capabilities,
  };
}
