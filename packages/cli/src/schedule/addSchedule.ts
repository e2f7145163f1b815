import { resolve } from "node:path";
import { UserError, shellWord } from "@claude-orchestrator/domain";
import type { MissedPolicy, OverlapPolicy, Schedule, ScheduleEvent, ScheduleState } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { checkBeforeStart } from "../run/preflight.ts";
import { refuseIf } from "../run/problems.ts";
import { readPlan } from "../run/readPlan.ts";
import { newRunsFolder } from "../run/runsFolder.ts";
import { readFileTarget } from "../run/target.ts";
import { line } from "../views/text/line.ts";
import { noDaemonLines } from "./daemonState.ts";
import { readRunFlags } from "./runFlags.ts";
import { makeScheduleId } from "./scheduleId.ts";
import { endedSlots } from "./slotOutcome.ts";
import { machineZone, readSlotTimes } from "./slotTimes.ts";
import { openSchedules } from "./stateFolder.ts";
import { slotTime } from "./words.ts";

export interface AddFlags {
  readonly cron: string | undefined;
  readonly tz: string | undefined;
  readonly name: string | undefined;
  readonly missed: string | undefined;
  readonly overlap: string | undefined;
  readonly replace: boolean;
  readonly json: boolean;
}

/** A schedule that was added, as `--json` prints it. */
export interface AddedSchedule {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  /** ISO dates in UTC. */
  readonly next: readonly string[];
  readonly missed: string;
  readonly overlap: string;
}

/** As long as a name may be: it stands in tables and in sentences. */
const longestName = 80;

/**
 * `schedule add FILE --cron …`: the file is read as `run` would read it now, so that what cannot run is not scheduled.
 *
 * @throws UserError usage, schedule-invalid, and whatever reading a plan throws
 */
export async function addSchedule([file, ...words]: readonly string[], flags: AddFlags, io: Io): Promise<number> {
  const cron = cronOf(flags);
  const zone = flags.tz ?? machineZone();
  const times = readSlotTimes(cron, zone);
  const { plan, flags: runFlags } = await readForSchedule(file ?? "", words, io);
  const schedule: Schedule = {
    id: makeScheduleId(),
    name: flags.name ?? plan.name,
    cron,
    zone,
    file: resolve(io.cwd, file ?? ""),
    flags: words,
    cwd: io.cwd,
    runs: newRunsFolder(io, runFlags["runs-dir"]),
    missed: (flags.missed ?? "once") as MissedPolicy,
    overlap: (flags.overlap ?? "skip") as OverlapPolicy,
  };
  refuseName(schedule.name);
  writeDown(schedule, flags.replace, io);
  const next = times.next(Date.now(), 3).map((at) => new Date(at).toISOString());
  const { id, name, missed, overlap } = schedule;
  tellAdded({ id, name, zone, next, missed, overlap }, flags, io);
  if (!flags.json) io.talk.lines(noDaemonLines(io));
  return 0;
}

/** What `schedule add` says of the schedule, wherever it was added. */
export function tellAdded(added: AddedSchedule, { json }: Pick<AddFlags, "json">, io: Io): void {
  const { name, zone, next, missed, overlap } = added;
  if (json) io.out.json(added);
  else {
    io.out.write(`${name}: next ${next.map((at) => slotTime(Date.parse(at), zone)).join(", ")} (${zone})\n`);
    io.talk.lines([line(`missed: ${missed}, overlap: ${overlap}`, "quiet")]);
  }
}

/** @throws UserError usage where nobody said when */
export function cronOf({ cron }: Pick<AddFlags, "cron">): string {
  if (cron !== undefined) return cron;
  throw new UserError("usage", "`schedule add` needs to know when", { hint: 'such as `--cron "0 2 * * 1-5"`' });
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

function writeDown(schedule: Schedule, replace: boolean, io: Io): void {
  const log = openSchedules(io);
  try {
    log.append((schedules) => {
      const namesake = [...schedules.values()].find((each) => each.schedule.name === schedule.name);
      const added = { type: "schedule-added", schedule } as const;
      if (namesake === undefined) return [added];
      if (replace) return [...replaced(namesake), added, ...(namesake.isPaused ? [pausedAsWell(schedule)] : [])];
      throw new UserError(
        "schedule-invalid",
        `There is a schedule \`${schedule.name}\` already, of ${namesake.schedule.file}`,
        { hint: "give this one another name with `--name`, or let it take the place of that one with `--replace`" },
      );
    });
  } finally {
    log.close();
  }
}

/** A schedule has one run at a time: one that is replaced would not know of its forerunner's. */
function replaced(state: ScheduleState): readonly ScheduleEvent[] {
  const { schedule, running } = state;
  const over = endedSlots(state, Date.now());
  const working = running.find(({ slot }) => !over.some((each) => each.slot === slot));
  if (working === undefined) return [...over, { type: "schedule-removed", id: schedule.id }];
  throw new UserError("run-busy", `${schedule.name} is not changed while a run of it goes on: ${working.run}`, {
    hint: `wait for its end, or end it with \`${programName} stop ${working.run} --runs-dir ${shellWord(schedule.runs)}\``,
  });
}

function pausedAsWell({ id }: Schedule): ScheduleEvent {
  return { type: "schedule-paused", id };
}

function refuseName(name: string): void {
  if (name.trim() === name && name !== "" && name.length <= longestName && !/[\u0000-\u001f\u007f]/.test(name)) return;
  throw new UserError("usage", `A schedule cannot be called ${JSON.stringify(name)}`, {
    hint: `give it a name of ${longestName} characters at most with \`--name\``,
  });
}
