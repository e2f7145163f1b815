import { defineCommand } from "./command.ts";
import { jsonFlag } from "./output.ts";

const installFlags = {
  yes: { type: "switch", about: "Do it; without this it is only shown" },
  "dry-run": { type: "switch", about: "Show it, and ask for nothing" },
} as const;

export const scheduleDaemon = defineCommand({
  name: "schedule daemon",
  summary: "Fire the schedules, until Ctrl-C",
  about: "One per person. Runs it started go on without it; a slot is fired once, whatever is killed.",
  arguments: [],
  flags: {},
  examples: ["schedule daemon"],

  async run(_words, _flags, io) {
    const { runDaemon } = await import("../schedule/door.ts");
    return runDaemon(io);
  },
});

export const scheduleStatus = defineCommand({
  name: "schedule status",
  summary: "Say whether a daemon runs and what comes next",
  about: "Exit code 1 where there are schedules and nobody fires them.",
  arguments: [],
  flags: { json: jsonFlag },
  examples: ["schedule status", "schedule status --json"],

  async run(_words, flags, io) {
    const { scheduleStatus: status } = await import("../schedule/door.ts");
    return status(flags, io);
  },
});

export const scheduleInstall = defineCommand({
  name: "schedule install",
  summary: "Let the system start the daemon: systemd, launchd or the Windows scheduler",
  about: "Prints the file and the lines that make it known; nothing is written without --yes.",
  arguments: [],
  flags: installFlags,
  examples: ["schedule install", "schedule install --yes"],

  async run(_words, flags, io) {
    const { installDaemon } = await import("../schedule/door.ts");
    return installDaemon(flags, io);
  },
});

export const scheduleUninstall = defineCommand({
  name: "schedule uninstall",
  summary: "Take back `schedule install`; schedules and runs stay",
  arguments: [],
  flags: installFlags,
  examples: ["schedule uninstall --yes"],

  async run(_words, flags, io) {
    const { uninstallDaemon } = await import("../schedule/door.ts");
    return uninstallDaemon(flags, io);
  },
});
