/** An agent as `agents --json` prints it, as far as it is shown. */
export interface AgentDocument {
  readonly name: string;
  readonly about: string;
  readonly installed: boolean;
  readonly path: readonly string[] | null;
  readonly version: string | null;
  readonly known_bad: string | null;
  readonly version_problem: string | null;
  readonly install: string | null;
  readonly capabilities: Readonly<Record<string, string | boolean>>;
}

/** What it can do, in words; what it cannot is left out. */
export function abilities({ capabilities: can }: Pick<AgentDocument, "capabilities">): readonly string[] {
  const words: readonly (readonly [boolean, string])[] = [
    [can["usage"] === "live", "tokens while it works"],
    [can["usage"] === "end", "tokens at its end"],
    [can["cost"] === "reported", "its own cost"],
    [can["cost"] === "priced", "cost by the price list"],
    [can["resume"] === true, "goes on with a session"],
    [can["structuredOutput"] === true, "structured output"],
    [can["commands"] === true, "slash commands"],
    [can["maxTurns"] === true, "a bound on turns"],
    [can["systemPrompt"] === true, "system prompt"],
    [can["mcp"] === true, "MCP"],
  ];
  return words.filter(([has]) => has).map(([, word]) => word);
}

/** Where it stands: a state's word, and why. */
export function agentStanding({ installed, version, known_bad, version_problem, path }: AgentDocument): {
  readonly tone: "good" | "warn" | "idle";
  readonly words: string;
} {
  if (!installed) return { tone: "idle", words: "not found on this machine" };
  if (known_bad !== null) return { tone: "warn", words: `${version ?? ""} is known to be bad: ${known_bad}`.trim() };
  if (version_problem !== null) return { tone: "warn", words: version_problem };
  return { tone: "good", words: path === null ? "built in" : `version ${version ?? "unknown"}` };
}
