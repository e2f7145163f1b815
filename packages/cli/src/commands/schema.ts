import { defineCommand } from "./command.ts";

export const schema = defineCommand({
  name: "schema",
  summary: "Print the JSON Schema of the file, or of result.json",
  arguments: [],
  flags: { result: { type: "switch", about: "The schema of a run's result.json" } },
  examples: ["schema > orchestrator.schema.json", "schema --result"],

  async run(_words, flags, io) {
    if (flags.result) {
      const { resultSchema } = await import("../reports/resultSchema.ts");
      io.out.json(resultSchema);
      return 0;
    }
    const { configJsonSchema } = await import("@claude-orchestrator/config/file");
    io.out.json(configJsonSchema());
    return 0;
  },
});
