import { defineCommand } from "./command.ts";
import { planFlags } from "./planFlags.ts";

export const run = defineCommand({
  name: "run",
  summary: "Run a file, a prompt or a slash command",
  about:
    "Give it a file, or one prompt or several. The name of a file that exists means that file; anything else is a prompt, and several prompts run at once. What looks like a path and does not exist is refused, so that a mistyped name never starts anything. A flag wins over what the file says.",
  arguments: [
    { name: "FILE|PROMPT", about: "A YAML or JSON file, or prompts", required: false, many: true, complete: "file" },
  ],
  flags: {
    ...planFlags,
    "dry-run": { type: "switch", about: "The same as `plan`: show what would happen, start nothing" },
    json: { type: "switch", about: "Every event as one line of JSON on standard output" },
    quiet: { type: "switch", about: "Only the result and errors" },
    verbose: { type: "switch", about: "A line for all that agents say and do" },
    plain: {
      type: "switch",
      about: "Lines instead of the live view (for screen readers; so does CLAUDE_ORCHESTRATOR_PLAIN=1)",
    },
    junit: { type: "text", value: "FILE", about: "Write a JUnit report", complete: "file" },
    markdown: { type: "text", value: "FILE", about: "Write a Markdown report, for a pull request", complete: "file" },
    "demo-note": {
      type: "text",
      value: "TEXT",
      about: "What to tell the person where the model is a stand-in",
      hidden: true,
    },
  },
  examples: [
    "run orchestrator.yaml",
    'run "Find the three riskiest functions in src and say why"',
    'run "/review src/parser.ts" --budget-usd 1',
    "run nightly.yaml --start-at 2am --concurrency 8 --junit report.xml",
    "run orchestrator.yaml --only summary --json",
  ],

  async run(words, flags, io) {
    if (flags["dry-run"]) {
      const { showPlan } = await import("../run/door.ts");
      return showPlan(words, flags, io);
    }
    const { runFleet } = await import("../run/door.ts");
    return runFleet(words, flags, io);
  },
});
