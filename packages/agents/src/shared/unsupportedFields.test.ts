import { expect, test } from "vitest";
import { agentByName } from "../index.ts";
import { instanceOf } from "../testing/parsing.ts";

const trusted = { trustWorkspace: true } as const;

test.for(["codex", "gemini", "opencode"])("%s refuses settings and servers in a form it would not read", (agent) => {
  const problemsOf = (fields: Parameters<typeof instanceOf>[1]) =>
    agentByName(agent)?.problems(instanceOf(agent, { ...trusted, ...fields }));
  const settings = `\`settings\` must be an object for agent \`${agent}\`: a path is not read`;
  const servers = `\`mcp_config\` must be an object with \`mcpServers\` for agent \`${agent}\``;
  expect(problemsOf({ settings: "/project/settings.json" })).toEqual([settings]);
  expect(problemsOf({ mcpConfig: "/project/servers.json" })).toEqual([servers]);
  expect(problemsOf({ mcpConfig: { db: { command: "db-mcp" } } })).toEqual([servers]);
  expect(problemsOf({ settings: { a: 1 }, mcpConfig: { mcpServers: { db: { command: "db-mcp" } } } })).toEqual([]);
});
