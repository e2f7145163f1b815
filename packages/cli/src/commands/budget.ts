import { defineCommand } from "./command.ts";
import { jsonFlag, runsFolderFlag } from "./output.ts";

const runArgument = { name: "RUN", about: "A run's id, the beginning of one, or `latest`", required: true } as const;

export const budgetSet = defineCommand({
  name: "budget set",
  summary: "Set another budget for a run that works",
  about:
    "What waits for room goes on at once where it fits now. An amount below what is spent stops or holds what spends, as the budget's on_exceed says. A budget that was not there before blocks. It stays when the run is resumed, until its file is changed and accepted. A budget over all runs (day, machine) is set for this run only: others go on under their own.",
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

export const budgetLedger = defineCommand({
  name: "budget ledger",
  summary: "Show what all your runs on this machine have spent",
  about:
    "As budgets of the day and of the machine count it, whoever's file they are in. Counted from the first run that had such a budget; what a killed run had set aside counts as spent until it is taken up.",
  arguments: [],
  flags: {
    json: jsonFlag,
    tz: { type: "text", value: "ZONE", about: "Whose day it is: Europe/Berlin, UTC. Without it, this machine's" },
  },
  examples: ["budget ledger", "budget ledger --tz UTC --json"],

  async run(_words, flags, io) {
    const { showLedger } = await import("../supervise/door.ts");
    return showLedger(flags, io);
  },
});
