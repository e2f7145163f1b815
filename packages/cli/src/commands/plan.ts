import { defineCommand } from "./command.ts";
import { jsonFlag, pasteFlag, serverFlag } from "./output.ts";
import { planFlags } from "./planFlags.ts";

export const plan = defineCommand({
  name: "plan",
  summary: "Show what a run would do; start nothing",
  about:
    "Shows the graph, each program's exact words and the names in its environment, the budgets, and every problem.",
  arguments: [
    { name: "FILE|PROMPT", about: "A YAML or JSON file, or prompts", required: false, many: true, complete: "file" },
  ],
  flags: {
    ...planFlags,
    json: jsonFlag,
    paste: pasteFlag,
    server: serverFlag,
    forecast: {
      type: "switch",
      about: "Add what it is expected to take, from runs of the past: p50 and p90 of tokens, dollars and time",
    },
  },
  examples: [
    "plan orchestrator.yaml",
    "plan orchestrator.yaml --only summary",
    "plan orchestrator.yaml --forecast",
    "plan orchestrator.yaml --json",
  ],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { showPlanThere } = await import("../remote/door.ts");
      return showPlanThere(flags.server, words, flags, io);
    }
    const { showPlan } = await import("../run/showPlan.ts");
    return showPlan(words, flags, io);
  },
});
