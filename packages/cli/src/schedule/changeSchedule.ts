import type { ScheduleEvent, ScheduleState } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { findSchedule } from "./findSchedule.ts";
import { openSchedules } from "./stateFolder.ts";

/** `schedule remove NAME`: what waits is dropped, what runs goes on. @throws UserError schedule-not-found */
export function removeSchedule([name = ""]: readonly string[], io: Io): Promise<number> {
  return change(name, io, ({ schedule, running }) => {
    const goesOn = running.map(({ run }) => `\n${run} goes on; \`${programName} stop ${run}\` ends it`).join("");
    return { event: { type: "schedule-removed", id: schedule.id }, words: `${schedule.name} is removed${goesOn}` };
  });
}

/** `schedule pause NAME`: from now on it has no slots. @throws UserError schedule-not-found */
export function pauseSchedule([name = ""]: readonly string[], io: Io): Promise<number> {
  return change(name, io, ({ schedule, isPaused }) => {
    if (isPaused) return { words: `${schedule.name} is paused already` };
    return { event: { type: "schedule-paused", id: schedule.id }, words: `${schedule.name} is paused` };
  });
}

/** `schedule unpause NAME`: what passed meanwhile is not made up for. @throws UserError schedule-not-found */
export function unpauseSchedule([name = ""]: readonly string[], io: Io): Promise<number> {
  return change(name, io, ({ schedule, isPaused }) => {
    if (!isPaused) return { words: `${schedule.name} is not paused` };
    return { event: { type: "schedule-unpaused", id: schedule.id }, words: `${schedule.name} goes on` };
  });
}

type Change = (state: ScheduleState) => { readonly event?: ScheduleEvent; readonly words: string };

function change(name: string, io: Io, decide: Change): Promise<number> {
  const log = openSchedules(io);
  try {
    let words = "";
    log.append((schedules) => {
      const decided = decide(findSchedule(schedules, name));
      ({ words } = decided);
      return decided.event === undefined ? [] : [decided.event];
    });
    io.talk.write(`${words}\n`);
    return Promise.resolve(0);
  } finally {
    log.close();
  }
}
