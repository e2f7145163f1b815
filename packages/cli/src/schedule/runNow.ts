import { UserError, lateAfterMs, makeRunId, shellWord } from "@claude-orchestrator/domain";
import type { Schedule, ScheduleEvent, StartableSlot } from "@claude-orchestrator/domain";
import type { ScheduleLog } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { line } from "../views/text/line.ts";
import { findSchedule } from "./findSchedule.ts";
import { endedSlots } from "./slotOutcome.ts";
import { startSlot } from "./startSlot.ts";
import { openSchedules } from "./stateFolder.ts";

/**
 * `schedule run-now NAME`: starts its run at once, with or without a daemon; its slots stay as they are.
 *
 * @throws UserError schedule-not-found; run-busy where a run of it goes on
 */
export async function runNow(
  [name = ""]: readonly string[],
  flags: { readonly json: boolean },
  io: Io,
): Promise<number> {
  const log = openSchedules(io);
  try {
    const { schedule, slot } = claimByHand(log, name);
    const problem = await startSlot(schedule, slot, io);
    if (problem !== undefined) {
      log.append((schedules) =>
        schedules.get(schedule.id)?.pending.some((each) => each.slot === slot.slot) === true
          ? [{ type: "schedule-failed", id: schedule.id, slot: slot.slot, reason: problem }]
          : [],
      );
      throw new UserError("schedule-invalid", `${schedule.name} could not be started: ${problem}`);
    }
    if (flags.json) io.out.json({ id: schedule.id, name: schedule.name, run: slot.run });
    else io.out.write(`${slot.run}\n`);
    if (!flags.json)
      io.talk.lines([
        line(`show it  ${programName} attach ${slot.run} --runs-dir ${shellWord(schedule.runs)}`, "quiet"),
      ]);
    return 0;
  } finally {
    log.close();
  }
}

function claimByHand(log: ScheduleLog, name: string): { readonly schedule: Schedule; readonly slot: StartableSlot } {
  let claimed: { readonly schedule: Schedule; readonly slot: StartableSlot } | undefined;
  log.append((schedules) => {
    const state = findSchedule(schedules, name);
    const { schedule } = state;
    const now = Date.now();
    const over = endedSlots(state, now);
    const running = state.running.find(({ slot }) => !over.some((each) => each.slot === slot));
    if (running !== undefined) {
      throw new UserError("run-busy", `${schedule.name} runs already: ${running.run}`, {
        hint: `end it first with \`${programName} stop ${running.run} --runs-dir ${shellWord(schedule.runs)}\``,
      });
    }
    const byHand = state.pending.filter(({ way }) => way === "by-hand");
    const late = byHand.filter(({ slot }) => now - slot > lateAfterMs);
    if (late.length < byHand.length) {
      throw new UserError("run-busy", `${schedule.name} is being started already`, {
        hint: `\`${programName} schedule list\` shows it once it runs; where that start was killed, try again in a minute`,
      });
    }
    // Never on a whole second, where the slots of the pattern are.
    const slot: StartableSlot = {
      slot: now % 1000 === 0 ? now + 1 : now,
      run: makeRunId(now, Math.random),
      way: "by-hand",
    };
    claimed = { schedule, slot };
    const givenUp = late.map((each) => neverStarted(schedule.id, each.slot));
    return [...over, ...givenUp, { type: "schedule-due", id: schedule.id, ...slot }];
  });
  if (claimed === undefined) throw new Error("nothing was claimed");
  return claimed;
}

function neverStarted(id: string, slot: number): ScheduleEvent {
  return { type: "schedule-skipped", id, slot, from: slot, count: 1, reason: { kind: "never-started" } };
}
