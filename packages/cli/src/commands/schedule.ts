import { defineCommand } from "./command.ts";
import { jsonFlag, pasteFlag, serverFlag } from "./output.ts";

const nameArgument = { name: "NAME", about: "The schedule's name, or its id", required: true } as const;

const missedPolicies = ["skip", "once", "all"];
const overlapPolicies = ["skip", "queue", "replace"];

export const scheduleAdd = defineCommand({
  name: "schedule add",
  summary: "Run a file again and again, at times of a cron pattern",
  about:
    "The file is read at once, and every problem shown. Five fields: minute, hour, day, month, weekday; a sixth, in front, is the second. Flags of `run` follow after `--`. With --server the file is one on the server's machine, or this machine's with --paste.",
  arguments: [
    { name: "FILE", about: "A YAML or JSON file", required: true, complete: "file" },
    { name: "RUN-FLAG", about: "After `--`: flags of `run`", required: false, many: true },
  ],
  flags: {
    cron: { type: "text", value: "PATTERN", about: 'When, such as "0 2 * * 1-5"' },
    tz: { type: "text", value: "ZONE", about: "In which time zone, such as Europe/Berlin (else this machine's)" },
    name: { type: "text", value: "NAME", about: "What it is called (else as the file is)" },
    missed: {
      type: "text",
      value: "POLICY",
      about: "What passed while the machine slept: skip it, make up for all of it once (without this flag), or run all",
      choices: missedPolicies,
    },
    overlap: {
      type: "text",
      value: "POLICY",
      about: "Where the run before is not over: skip (without this flag), queue one, or replace it",
      choices: overlapPolicies,
    },
    replace: {
      type: "switch",
      about: "Take the place of the schedule of this name; refused while a run of that one goes on",
    },
    paste: pasteFlag,
    server: serverFlag,
    json: jsonFlag,
  },
  examples: [
    'schedule add nightly.yaml --cron "0 2 * * 1-5" --tz Europe/Berlin',
    'schedule add hourly.yaml --cron "@hourly" --missed skip --overlap queue -- --budget-usd 2 --var branch=main',
  ],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { addScheduleThere } = await import("../remote/door.ts");
      return addScheduleThere(flags.server, words, flags, io);
    }
    const { addSchedule } = await import("../schedule/door.ts");
    return addSchedule(words, flags, io);
  },
});

export const scheduleList = defineCommand({
  name: "schedule list",
  summary: "List the schedules: when each comes next, and how it went last",
  arguments: [],
  flags: { json: jsonFlag, server: serverFlag },
  examples: ["schedule list", "schedule list --json"],

  async run(_words, flags, io) {
    if (flags.server !== undefined) {
      const { listSchedulesThere } = await import("../remote/door.ts");
      return listSchedulesThere(flags.server, flags, io);
    }
    const { listSchedules } = await import("../schedule/door.ts");
    return listSchedules(flags, io);
  },
});

export const scheduleRemove = defineCommand({
  name: "schedule remove",
  summary: "Remove a schedule; a run of it goes on",
  arguments: [nameArgument],
  flags: { server: serverFlag },
  examples: ["schedule remove nightly"],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { changeScheduleThere } = await import("../remote/door.ts");
      return changeScheduleThere("remove", flags.server, words, io);
    }
    const { removeSchedule } = await import("../schedule/door.ts");
    return removeSchedule(words, io);
  },
});

export const schedulePause = defineCommand({
  name: "schedule pause",
  summary: "Fire nothing of a schedule until `schedule unpause`",
  arguments: [nameArgument],
  flags: { server: serverFlag },
  examples: ["schedule pause nightly"],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { changeScheduleThere } = await import("../remote/door.ts");
      return changeScheduleThere("pause", flags.server, words, io);
    }
    const { pauseSchedule } = await import("../schedule/door.ts");
    return pauseSchedule(words, io);
  },
});

export const scheduleUnpause = defineCommand({
  name: "schedule unpause",
  summary: "Go on with a schedule; what passed meanwhile is not made up for",
  arguments: [nameArgument],
  flags: { server: serverFlag },
  examples: ["schedule unpause nightly"],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { changeScheduleThere } = await import("../remote/door.ts");
      return changeScheduleThere("unpause", flags.server, words, io);
    }
    const { unpauseSchedule } = await import("../schedule/door.ts");
    return unpauseSchedule(words, io);
  },
});

export const scheduleRunNow = defineCommand({
  name: "schedule run-now",
  summary: "Start a schedule's run at once, with or without a daemon",
  arguments: [nameArgument],
  flags: { json: jsonFlag, server: serverFlag },
  examples: ["schedule run-now nightly"],

  async run(words, flags, io) {
    if (flags.server !== undefined) {
      const { runScheduleNowThere } = await import("../remote/door.ts");
      return runScheduleNowThere(flags.server, words, flags, io);
    }
    const { runNow } = await import("../schedule/door.ts");
    return runNow(words, flags, io);
  },
});
