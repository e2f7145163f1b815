import { defineCommand } from "./command.ts";
import { detachFlag, displayFlags, recordedFlags, scheduleSlotFlag } from "./runFlags.ts";

export const run = defineCommand({
  name: "run",
  summary: "Run a file, a prompt or a slash command",
  about:
    "Give it a file, or one prompt or several. The name of a file that exists means that file; anything else is a prompt, and several prompts run at once. What looks like a path and does not exist is refused, so that a mistyped name never starts anything. A flag wins over what the file says.",
  arguments: [
    { name: "FILE|PROMPT", about: "A YAML or JSON file, or prompts", required: false, many: true, complete: "file" },
  ],
  flags: {
    ...recordedFlags,
    detach: { ...detachFlag, short: "d" },
    "dry-run": { type: "switch", about: "The same as `plan`: show what would happen, start nothing" },
    ...displayFlags,
    "schedule-slot": scheduleSlotFlag,
  },
  examples: [
    "run orchestrator.yaml",
    'run "Find the three riskiest functions in src and say why"',
    'run "/review src/parser.ts" --budget-usd 1',
    "run nightly.yaml --start-at 2am --concurrency 8 --junit report.xml",
    "run orchestrator.yaml --only summary --json",
    "run orchestrator.yaml --detach",
  ],

  async run(words, flags, io) {
    if (flags["dry-run"]) {
      const { showPlan } = await import("../run/showPlan.ts");
      return showPlan(words, flags, io);
    }
    const { runFleet } = await import("../run/runFleet.ts");
    return runFleet(words, flags, io);
  },
});
