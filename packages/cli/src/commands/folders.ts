import { defineCommand } from "./command.ts";
import { jsonFlag, runsFolderFlag } from "./output.ts";

const runArgument = { name: "RUN", about: "A run's id, the beginning of one, or `latest`", required: true } as const;
const allFlag = { type: "switch", about: "Of every repository, not only of the one here" } as const;

export const diff = defineCommand({
  name: "diff",
  summary: "Print what an instance changed in its own worktree or copy",
  about: "Against the commit it began from: commits, changes that are not committed, and new files.",
  arguments: [runArgument, { name: "INSTANCE", about: "Which instance", required: true }],
  flags: {
    stat: { type: "switch", about: "Only the files, with their numbers of lines" },
    "runs-dir": runsFolderFlag,
  },
  examples: ["diff latest fix", "diff latest fix --stat"],

  async run(words, flags, io) {
    const { showDifference } = await import("../folders/door.ts");
    return showDifference(words, flags, io);
  },
});

export const merge = defineCommand({
  name: "merge",
  summary: "Land what instances did in their worktrees in the branch you are on",
  about:
    "Each after what it needed; what an instance left uncommitted is committed on its branch first. All of them land, or nothing is changed.",
  arguments: [
    runArgument,
    { name: "INSTANCE", about: "Only these (else all that succeeded)", required: false, many: true },
  ],
  flags: {
    into: { type: "text", value: "BRANCH", about: "In this branch instead", complete: "none" },
    "dry-run": { type: "switch", about: "Only say what would land" },
    "keep-conflict": {
      type: "switch",
      about: "Land what comes before a conflict, and leave the conflict to be solved",
    },
    "runs-dir": runsFolderFlag,
  },
  examples: ["merge latest", "merge latest fix docs --dry-run", "merge latest --into release"],

  async run(words, flags, io) {
    const { mergeRun } = await import("../folders/door.ts");
    return mergeRun(words, flags, io);
  },
});

export const worktreesList = defineCommand({
  name: "worktrees list",
  summary: "List the worktrees and copies made for instances, and which of them can go",
  arguments: [],
  flags: { json: jsonFlag, all: allFlag },
  examples: ["worktrees list", "worktrees list --all --json"],

  async run(_words, flags, io) {
    const { listWorktrees } = await import("../folders/door.ts");
    return listWorktrees(flags, io);
  },
});

export const worktreesClean = defineCommand({
  name: "worktrees clean",
  summary: "Remove worktrees nothing would be lost with",
  about:
    "Those of runs that have ended, with all as committed, every commit on another branch or remote, and nothing new. Says what it would remove; --yes does it.",
  arguments: [],
  flags: {
    yes: { type: "switch", short: "y", about: "Remove them" },
    "dry-run": { type: "switch", about: "Only say what would be removed, also with --yes" },
    ignored: { type: "switch", about: "Also those that hold nothing more than files git ignores" },
    all: allFlag,
  },
  examples: ["worktrees clean", "worktrees clean --yes", "worktrees clean --ignored --yes"],

  async run(_words, flags, io) {
    const { cleanWorktrees } = await import("../folders/door.ts");
    return cleanWorktrees(flags, io);
  },
});
