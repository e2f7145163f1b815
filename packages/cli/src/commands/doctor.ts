import { defineCommand } from "./command.ts";
import { agentPathFlag, jsonFlag, runsFolderFlag } from "./output.ts";

export const doctor = defineCommand({
  name: "doctor",
  summary: "Say whether this machine can run agents, and how to fix what keeps it from it",
  about:
    "Looks for the agents and their versions, and whether a sign-in exists (secrets are never read). Exit code 1 where nothing could be run.",
  arguments: [],
  flags: { json: jsonFlag, "agent-path": agentPathFlag, "runs-dir": runsFolderFlag },
  examples: ["doctor", "doctor --json"],

  async run(_words, flags, io) {
    const { runDoctor } = await import("../doctor/runDoctor.ts");
    return runDoctor(flags, io);
  },
});
