import { defineCommand } from "./command.ts";
import { jsonFlag } from "./output.ts";

export const notifyTest = defineCommand({
  name: "notify test",
  summary: "Send one message to each target of a file's `notify`, and say what it came to",
  about: "Starts nothing else. Each target is tried once. Exit code 1 where one of them did not get it.",
  arguments: [{ name: "FILE", about: "A YAML or JSON file", required: true, complete: "file" }],
  flags: { json: jsonFlag },
  examples: ["notify test orchestrator.yaml"],

  async run(words, flags, io) {
    const { testNotify } = await import("../notify/testNotify.ts");
    return testNotify(words, flags, io);
  },
});
