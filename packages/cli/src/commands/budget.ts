import { defineCommand } from "./command.ts";
import { jsonFlag, runsFolderFlag } from "./output.ts";

const runArgument = { name: "RUN", about: "A run's id, the beginning of one, or `latest`", required: true } as const;

export const budgetSet = defineCommand({
  name: "budget set",
  summary: "Set another budget for a run that works",
  about:
    "What waits for room goes on at once where it fits now. An amount below what is spent stops or holds what spends, as the budget's on_exceed says. A budget that was not there before blocks. It stays when the run is resumed, until its file is changed and accepted.",
  arguments: [
    runArgument,
    {
      name: "SCOPE",
      about:
        "Of what: run (when left out), an instance, /COMMAND, attempt:INSTANCE, sub-agent:INSTANCE, window:5h, machine:30d, day",
      required: false,
    },
  ],
  flags: {
    "cost-usd": { type: "number", value: "N", about: "At most this many US dollars" },
    tokens: { type: "number", value: "N", about: "At most this many tokens, of every kind" },
    "runs-dir": runsFolderFlag,
  },
  examples: [
    "budget set latest --cost-usd 20",
    "budget set latest review --tokens 2000000",
    "budget set latest window:5h --cost-usd 8",
  ],

  async run(words, flags, io) {
    const { setBudget } = await import("../supervise/door.ts");
    return setBudget(words, flags, io);
  },
});

export const budgetShow = defineCommand({
  name: "budget show",
  summary: "Show the budgets of a run, with what is used of each",
  arguments: [runArgument],
  flags: { json: jsonFlag, "runs-dir": runsFolderFlag },
  examples: ["budget show latest", "budget show latest --json"],

  async run(words, flags, io) {
    const { showBudgets } = await import("../supervise/door.ts");
    return showBudgets(words, flags, io);
  },
});
