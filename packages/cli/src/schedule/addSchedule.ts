import { resolve } from "node:path";
import { UserError } from "@claude-orchestrator/domain";
import type { MissedPolicy, OverlapPolicy, Schedule } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { checkBeforeStart } from "../run/preflight.ts";
import { refuseIf } from "../run/problems.ts";
import { readPlan } from "../run/readPlan.ts";
import { newRunsFolder } from "../run/runsFolder.ts";
import { readFileTarget } from "../run/target.ts";
import { line } from "../views/text/line.ts";
import { noDaemonLines } from "./daemonState.ts";
import { readRunFlags } from "./runFlags.ts";
import { makeScheduleId } from "./scheduleId.ts";
import { machineZone, readSlotTimes } from "./slotTimes.ts";
import { openSchedules } from "./stateFolder.ts";
import { slotTime } from "./words.ts";

export interface AddFlags {
  readonly cron: string | undefined;
  readonly tz: string | undefined;
  readonly name: string | undefined;
  readonly missed: string | undefined;
  readonly overlap: string | undefined;
  readonly json: boolean;
}

/** As long as a name may be: it stands in tables and in sentences. */
const longestName = 80;

/**
 * `schedule add FILE --cron …`: the file is read as `run` would read it now, so that what cannot run is not scheduled.
 *
 * @throws UserError usage, schedule-invalid, and whatever reading a plan throws
 */
export async function addSchedule([file, ...words]: readonly string[], flags: AddFlags, io: Io): Promise<number> {
  if (flags.cron === undefined) {
    throw new UserError("usage", "`schedule add` needs to know when", { hint: 'such as `--cron "0 2 * * 1-5"`' });
  }
  const zone = flags.tz ?? machineZone();
  const times = readSlotTimes(flags.cron, zone);
  const { plan, flags: runFlags } = await readForSchedule(file ?? "", words, io);
  const schedule: Schedule = {
    id: makeScheduleId(),
    name: flags.name ?? plan.name,
    cron: flags.cron,
    zone,
    file: resolve(io.cwd, file ?? ""),
    flags: words,
    cwd: io.cwd,
    runs: newRunsFolder(io, runFlags["runs-dir"]),
    missed: (flags.missed ?? "once") as MissedPolicy,
    overlap: (flags.overlap ?? "skip") as OverlapPolicy,
  };
  refuseName(schedule.name);
  writeDown(schedule, io);
  const next = times.next(Date.now(), 3);
  if (flags.json)
    io.out.json({ id: schedule.id, name: schedule.name, next: next.map((at) => new Date(at).toISOString()) });
  else {
    io.out.write(`${schedule.name}: next ${next.map((at) => slotTime(at, zone)).join(", ")} (${zone})\n`);
    io.talk.lines([line(`missed: ${schedule.missed}, overlap: ${schedule.overlap}`, "quiet"), ...noDaemonLines(io)]);
  }
  return 0;
}

async function readForSchedule(
  file: string,
  words: readonly string[],
  io: Io,
): Promise<Pick<Awaited<ReturnType<typeof readPlan>>, "plan"> & { readonly flags: ReturnType<typeof readRunFlags> }> {
  const flags = readRunFlags(file, words);
  const { shown } = readFileTarget(file, io.cwd);
  const { plan } = await readPlan([], { ...flags, config: shown }, io);
  const preflight = await checkBeforeStart(plan, flags, io);
  refuseIf(preflight.obstacles);
  return { plan, flags };
}

function writeDown(schedule: Schedule, io: Io): void {
  const log = openSchedules(io);
  try {
    log.append((schedules) => {
      const namesake = [...schedules.values()].find((each) => each.schedule.name === schedule.name);
      if (namesake === undefined) return [{ type: "schedule-added", schedule }];
      throw new UserError(
        "schedule-invalid",
        `There is a schedule \`${schedule.name}\` already, of ${namesake.schedule.file}`,
        {
          hint: `give this one another name with \`--name\`, or remove that one with \`schedule remove ${schedule.name}\``,
        },
      );
    });
  } finally {
    log.close();
  }
}

function refuseName(name: string): void {
  if (name.trim() === name && name !== "" && name.length <= longestName && !/[\u0000-\u001f\u007f]/.test(name)) return;
  throw new UserError("usage", `A schedule cannot be called ${JSON.stringify(name)}`, {
    hint: `give it a name of ${longestName} characters at most with \`--name\``,
  });
}
