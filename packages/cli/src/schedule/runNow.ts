import { makeRunId, UserError } from "@claude-orchestrator/domain";
import type { Schedule, StartableSlot } from "@claude-orchestrator/domain";
import type { ScheduleLog } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { shellWord } from "../views/shellWord.ts";
import { line } from "../views/text/line.ts";
import { findSchedule } from "./findSchedule.ts";
import { slotOutcome } from "./slotOutcome.ts";
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
    const { schedule, running, pending } = findSchedule(schedules, name);
    const now = Date.now();
    const busy = running.find((fired) => slotOutcome(fired, schedule.runs, now) === undefined) ?? pending[0];
    if (busy !== undefined) {
      throw new UserError("run-busy", `${schedule.name} runs or is about to: ${busy.run}`, {
        hint: `end it first with \`${programName} stop ${busy.run} --runs-dir ${shellWord(schedule.runs)}\``,
      });
    }
    // Never on a whole second, where the slots of the pattern are.
    const slot: StartableSlot = {
      slot: now % 1000 === 0 ? now + 1 : now,
      run: makeRunId(now, Math.random),
      way: "by-hand",
    };
    claimed = { schedule, slot };
    return [{ type: "schedule-due", id: schedule.id, ...slot }];
  });
  if (claimed === undefined) throw new Error("nothing was claimed");
  return claimed;
}
