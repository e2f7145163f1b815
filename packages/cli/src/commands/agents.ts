import { defineCommand } from "./command.ts";
import { agentPathFlag, jsonFlag } from "./output.ts";

export const agentsCommand = defineCommand({
  name: "agents",
  summary: "List the agents, what each can do, and which are installed",
  arguments: [],
  flags: { json: jsonFlag, "agent-path": agentPathFlag },
  examples: ["agents", "agents --json"],

  async run(_words, flags, io) {
    const { listAgents } = await import("../doctor/listAgents.ts");
    return listAgents(flags, io);
  },
});
