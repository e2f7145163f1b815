import { defineCommand } from "./command.ts";
import { jsonFlag, runsFolderFlag } from "./output.ts";

export const usage = defineCommand({
  name: "usage",
  summary: "Add up what all runs of this folder used: tokens, cost, cache, failed work",
  about:
    "An attempt counts on the day it ended. Runs whose model was a stand-in are left out. With --top, the dearest requests that went through the gateway.",
  arguments: [],
  flags: {
    by: {
      type: "text",
      value: "WHAT",
      about: "day (else), model, command, instance or agent",
      choices: ["day", "model", "command", "instance", "agent"],
    },
    since: {
      type: "text",
      value: "WHEN",
      about: "From this day on (2026-11-20), or so long ago (7d)",
      complete: "none",
    },
    until: { type: "text", value: "WHEN", about: "Up to this day, it included, or so long ago", complete: "none" },
    tz: { type: "text", value: "ZONE", about: "Days of this time zone (else this machine's)", complete: "none" },
    top: { type: "number", value: "N", about: "List the N dearest requests instead" },
    csv: { type: "switch", about: "Print comma-separated values instead of text" },
    json: jsonFlag,
    "include-demo": { type: "switch", about: "Count runs with a stand-in for the model, too" },
    "runs-dir": runsFolderFlag,
  },
  examples: ["usage", "usage --by model --since 7d", "usage --by instance --csv > usage.csv", "usage --top 20"],

  async run(_words, flags, io) {
    const { printUsage } = await import("../usage/door.ts");
    return printUsage(flags, io);
  },
});
