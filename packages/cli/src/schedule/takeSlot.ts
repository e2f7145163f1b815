import { UserError } from "@claude-orchestrator/domain";
import type { PendingSlot, RunId } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { endedSlots } from "./slotOutcome.ts";
import { openSchedules } from "./stateFolder.ts";

/** A slot as one word: what the daemon gives to the program it starts for it. */
export function slotWord(schedule: string, { slot, run }: Pick<PendingSlot, "slot" | "run">): string {
  return `${schedule}@${slot}@${run}`;
}

/**
 * The run's own side of "a slot is fired once": it takes the slot, for good, before anything of it is on disk, and begins
 * under the id that was claimed for it. Whoever comes second, after the slot was given up, or while another run of the
 * schedule goes on, is refused.
 *
 * @throws UserError run-busy
 */
export function takeSlot(word: string, io: Pick<Io, "env" | "cwd">): RunId {
  const [id = "", slotText = "", run] = word.split("@");
  const slot = Number(slotText);
  const log = openSchedules(io);
  let taken: RunId | undefined;
  let other: RunId | undefined;
  try {
    log.append((schedules) => {
      const state = schedules.get(id);
      const pending = state?.pending.find((each) => each.slot === slot && each.run === run);
      if (state === undefined || pending === undefined) return [];
      const over = endedSlots(state, Date.now());
      other = state.running.find((fired) => !over.some((each) => each.slot === fired.slot))?.run;
      if (other !== undefined) return over;
      taken = pending.run;
      return [...over, { type: "schedule-fired", id, slot, run: pending.run }];
    });
  } finally {
    log.close();
  }
  if (taken !== undefined) return taken;
  const why =
    other === undefined ? "has its run already, or is not to have one any more" : `comes while ${other} goes on`;
  throw new UserError("run-busy", `This slot of the schedule ${why}`);
}
