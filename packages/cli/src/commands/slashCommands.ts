import { defineCommand } from "./command.ts";
import { jsonFlag } from "./output.ts";

const workspace = {
  type: "text",
  value: "FOLDER",
  about: "The folder whose commands are meant (the current one)",
  complete: "folder",
} as const;

export const commandsList = defineCommand({
  name: "commands list",
  summary: "List the slash commands and skills there are",
  arguments: [],
  flags: { json: jsonFlag, workspace, "built-in": { type: "switch", about: "Those the agent brings along as well" } },
  examples: ["commands list", "commands list --built-in --json"],

  async run(_words, flags, io) {
    const { listSlashCommands } = await import("../history/door.ts");
    return listSlashCommands(flags, io);
  },
});

export const commandsInspect = defineCommand({
  name: "commands inspect",
  summary: "Show a slash command: its front matter and its text",
  arguments: [
    { name: "COMMAND", about: "Such as /review; words after the first are left out", required: true, many: true },
  ],
  flags: { json: jsonFlag, workspace },
  examples: ["commands inspect /review", "commands inspect /git:commit --json"],

  async run(words, flags, io) {
    const { inspectSlashCommand } = await import("../history/door.ts");
    return inspectSlashCommand(words, flags, io);
  },
});
