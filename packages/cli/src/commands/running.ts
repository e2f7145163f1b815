import { defineCommand } from "./command.ts";
import { jsonFlag, runsFolderFlag, serverFlag } from "./output.ts";
import { askedByFlag, detachFlag, displayFlags, supervisorFlag } from "./runFlags.ts";

const runArgument = { name: "RUN", about: "A run's id, the beginning of one, or `latest`", required: true } as const;

const acceptFlag = {
  type: "switch",
  about: "Go on although the file is not what it was when the run began",
} as const;

export const attach = defineCommand({
  name: "attach",
  summary: "Show a run that works, in as many terminals as you like",
  about: "Ctrl-C ends the view, never the run. When the run ends, its summary is printed and its exit code given.",
  arguments: [runArgument],
  flags: { ...displayFlags, "runs-dir": runsFolderFlag },
  examples: ["attach latest", "attach run_7f3k2m9x1q --json"],

  async run(words, flags, io) {
    const { attachTo } = await import("../supervise/door.ts");
    return attachTo(words, flags, io);
  },
});

export const ps = defineCommand({
  name: "ps",
  summary: "List the runs that work now, and those that were interrupted",
  arguments: [],
  flags: { json: jsonFlag, server: serverFlag, "runs-dir": runsFolderFlag },
  examples: ["ps", "ps --json"],

  async run(_words, flags, io) {
    if (flags.server !== undefined) {
      const { listOpenRunsThere } = await import("../remote/door.ts");
      return listOpenRunsThere(flags.server, flags, io);
    }
    const { listRunning } = await import("../supervise/door.ts");
    return listRunning(flags, io);
  },
});

export const stop = defineCommand({
  name: "stop",
  summary: "Stop a run, or one of its instances, and wait for its end",
  about:
    "Agents are asked to end by their own polite signal first. Of a run that was interrupted, what is left of its processes is ended and its log is told so.",
  arguments: [runArgument, { name: "INSTANCE", about: "Only this instance, or all of this group", required: false }],
  flags: {
    force: { type: "switch", about: "Do not ask: kill" },
    "asked-by": askedByFlag,
    server: serverFlag,
    "runs-dir": runsFolderFlag,
  },
  examples: ["stop latest", "stop latest review", "stop run_7f3k2m9x1q --force"],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { stopRunThere } = await import("../remote/door.ts");
      return stopRunThere(flags.server, words, flags, io);
    }
    const { onBehalf, stopRun } = await import("../supervise/door.ts");
    return stopRun(words, flags, onBehalf(io, flags["asked-by"]));
  },
});

export const pause = defineCommand({
  name: "pause",
  summary: "Start nothing more in a run; what runs goes on to its end",
  arguments: [runArgument],
  flags: { server: serverFlag, "runs-dir": runsFolderFlag },
  examples: ["pause latest"],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { askToThere } = await import("../remote/door.ts");
      return askToThere("pause", flags.server, words, io);
    }
    const { askTo } = await import("../supervise/door.ts");
    return askTo("pause", words, flags, io);
  },
});

export const unpause = defineCommand({
  name: "unpause",
  summary: "Let a paused run start instances again",
  arguments: [runArgument],
  flags: { server: serverFlag, "runs-dir": runsFolderFlag },
  examples: ["unpause latest"],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { askToThere } = await import("../remote/door.ts");
      return askToThere("unpause", flags.server, words, io);
    }
    const { askTo } = await import("../supervise/door.ts");
    return askTo("unpause", words, flags, io);
  },
});

export const resume = defineCommand({
  name: "resume",
  summary: "Go on with a run that was interrupted, or that you stopped",
  about:
    "The file is read again. Finished instances never run again, agents that still work are taken over, and sessions, budgets and retries go on as they were. A changed file is shown and refused.",
  arguments: [runArgument],
  flags: {
    "accept-changes": acceptFlag,
    detach: { ...detachFlag, short: "d" },
    ...displayFlags,
    supervisor: supervisorFlag,
    "asked-by": askedByFlag,
    server: serverFlag,
    "runs-dir": runsFolderFlag,
  },
  examples: ["resume latest", "resume run_7f3k2m9x1q --accept-changes", "resume latest --detach"],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { resumeRunThere } = await import("../remote/door.ts");
      return resumeRunThere(flags.server, words, flags, io);
    }
    const { onBehalf, resumeRunOf } = await import("../supervise/door.ts");
    return resumeRunOf(words, flags, onBehalf(io, flags["asked-by"]));
  },
});

export const retry = defineCommand({
  name: "retry",
  summary: "Run instances again that have ended: those named, or all that did not succeed",
  about:
    "What was skipped for their sake follows. A run that works takes them in; one that has settled goes on, as its file says now.",
  arguments: [
    runArgument,
    {
      name: "INSTANCE",
      about: "Which instances or groups (else all that did not succeed)",
      required: false,
      many: true,
    },
  ],
  flags: {
    failed: { type: "switch", about: "All that did not succeed" },
    "accept-changes": acceptFlag,
    detach: { ...detachFlag, short: "d" },
    ...displayFlags,
    supervisor: supervisorFlag,
    "asked-by": askedByFlag,
    server: serverFlag,
    "runs-dir": runsFolderFlag,
  },
  examples: ["retry latest", "retry latest tests summary", "retry run_7f3k2m9x1q --failed --accept-changes"],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { retryRunThere } = await import("../remote/door.ts");
      return retryRunThere(flags.server, words, flags, io);
    }
    const { onBehalf, retryRun } = await import("../supervise/door.ts");
    return retryRun(words, flags, onBehalf(io, flags["asked-by"]));
  },
});
