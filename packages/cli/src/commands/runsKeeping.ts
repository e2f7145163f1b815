import { defineCommand } from "./command.ts";
import { jsonFlag, runsFolderFlag } from "./output.ts";

export const runsExport = defineCommand({
  name: "runs export",
  summary: "Write a run into one file, without its secrets",
  about:
    "The file is a .tar.gz that any tar opens: MANIFEST.json with a SHA-256 of every member, the log as events.jsonl, result.json and the raw output of every attempt. Values of secret variables of your environment, and whatever has the shape of a known kind of key, are masked and counted. The same run gives the same bytes.",
  arguments: [{ name: "RUN", about: "A run's id, the beginning of one, or `latest`", required: true }],
  flags: {
    output: { type: "text", value: "FILE", about: "Where to (else RUN.tar.gz in this folder)", complete: "file" },
    json: jsonFlag,
    "runs-dir": runsFolderFlag,
  },
  examples: ["runs export latest", "runs export run_7f3k2m9x1q --output incident.tar.gz"],

  async run(words, flags, io) {
    const { exportRun } = await import("../archive/exportRun.ts");
    return exportRun(words, flags, io);
  },
});

export const runsImport = defineCommand({
  name: "runs import",
  summary: "Put an exported run among the runs of this folder",
  about:
    "Every checksum is verified first; a file that holds anything but what `runs export` writes is refused, and a run that is there already is never touched. Then `show`, `logs` and `runs list` work as on any other run.",
  arguments: [{ name: "FILE", about: "What `runs export` wrote", required: true, complete: "file" }],
  flags: {
    "max-size": { type: "text", value: "SIZE", about: "Refuse a run that is larger than this unpacked (20GB)" },
    json: jsonFlag,
    "runs-dir": runsFolderFlag,
  },
  examples: ["runs import incident.tar.gz"],

  async run(words, flags, io) {
    const { importRun } = await import("../archive/importRun.ts");
    return importRun(words, flags, io);
  },
});

export const runsPrune = defineCommand({
  name: "runs prune",
  summary: "Remove runs of the past",
  about:
    "Says which runs are too many and removes them with `--yes`. A run is removed where it is too much for any of the bounds, the oldest first. A run that is running is never removed; one that has not finished only where it is named, or with --include-unfinished. To have it done after each run, write `retention` into the file.",
  arguments: [
    { name: "RUN", about: "Remove these, by id, the beginning of one, or `latest`", required: false, many: true },
  ],
  flags: {
    "older-than": { type: "text", value: "TIME", about: "Runs that ended longer ago than this, such as 30d" },
    keep: { type: "number", value: "N", about: "All but the newest N runs" },
    "max-size": { type: "text", value: "SIZE", about: "The oldest, until the rest is no larger than this: 5GB" },
    "include-unfinished": { type: "switch", about: "Also runs that were cut off, or whose log is damaged" },
    "dry-run": { type: "switch", about: "Only say what would be removed, as without `--yes`" },
    yes: { type: "switch", about: "Remove them" },
    json: jsonFlag,
    "runs-dir": runsFolderFlag,
  },
  examples: [
    "runs prune --older-than 30d --keep 100",
    "runs prune --max-size 5GB --yes",
    "runs prune run_7f3k2m9x1q --yes",
  ],

  async run(words, flags, io) {
    const { pruneRuns } = await import("../history/door.ts");
    return pruneRuns(words, flags, io);
  },
});
