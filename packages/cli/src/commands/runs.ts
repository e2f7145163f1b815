import { defineCommand } from "./command.ts";
import { jsonFlag, runsFolderFlag, serverFlag } from "./output.ts";

export const runsList = defineCommand({
  name: "runs list",
  summary: "List the runs of this folder, newest first",
  arguments: [],
  flags: {
    json: jsonFlag,
    limit: { type: "number", value: "N", about: "At most so many (20)" },
    server: serverFlag,
    "runs-dir": runsFolderFlag,
  },
  examples: ["runs list", "runs list --limit 100 --json"],

  async run(_words, flags, io) {
    if (flags.server !== undefined) {
      const { listRunsThere } = await import("../remote/door.ts");
      return listRunsThere(flags.server, flags, io);
    }
    const { listRunsOf } = await import("../history/door.ts");
    return listRunsOf(flags, io);
  },
});

const runArgument = { name: "RUN", about: "A run's id, the beginning of one, or `latest`", required: true } as const;

export const show = defineCommand({
  name: "show",
  summary: "Show a run again, or the whole answer of one of its instances",
  arguments: [runArgument, { name: "INSTANCE", about: "Only this instance, with its whole answer", required: false }],
  flags: {
    json: jsonFlag,
    markdown: { type: "switch", about: "As Markdown, for a pull request" },
    server: serverFlag,
    "runs-dir": runsFolderFlag,
  },
  examples: ["show latest", "show latest summary", "show run_7f3k2m9x1q --json"],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { showRunThere } = await import("../remote/door.ts");
      return showRunThere(flags.server, words, flags, io);
    }
    const { showRun } = await import("../history/door.ts");
    return showRun(words, flags, io);
  },
});

export const logs = defineCommand({
  name: "logs",
  summary: "Print the raw output of an instance",
  arguments: [runArgument, { name: "INSTANCE", about: "Which instance", required: true }],
  flags: {
    attempt: { type: "number", value: "N", about: "Of this attempt (else the last one)" },
    stderr: { type: "switch", about: "Its standard error instead of its standard output" },
    follow: { type: "switch", short: "f", about: "Go on printing until the instance has ended" },
    search: {
      type: "text",
      value: "TEXT",
      about: "Only lines with this text (or TEXT in another case), with their numbers",
    },
    regex: { type: "switch", about: "TEXT is a regular expression, as JavaScript has them" },
    server: serverFlag,
    "runs-dir": runsFolderFlag,
  },
  examples: [
    "logs latest review",
    "logs latest review --follow",
    "logs latest tests --attempt 1 --stderr",
    "logs latest tests --search '^(FAIL|ERROR)' --regex",
  ],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { printLogsThere, searchLogsThere } = await import("../remote/door.ts");
      const isSearch = flags.search !== undefined || flags.regex;
      return (isSearch ? searchLogsThere : printLogsThere)(flags.server, words, flags, io);
    }
    const { printLogs, searchLogs } = await import("../history/door.ts");
    return (flags.search === undefined && !flags.regex ? printLogs : searchLogs)(words, flags, io);
  },
});
