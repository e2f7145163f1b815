import { defineCommand } from "./command.ts";
import { jsonFlag, runsFolderFlag } from "./output.ts";

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
