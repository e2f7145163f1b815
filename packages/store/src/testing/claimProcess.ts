/**
 * One of several that claim the same slots. Words: the folder of the schedules, the schedule, how many slots. Claims each that
 * nobody has, fires it, and prints `fired <slot>`; `done` at the end.
 */
import { writeSync } from "node:fs";
import { makeRunId } from "@claude-orchestrator/domain";
import type { ScheduleEvent } from "@claude-orchestrator/domain";
import { openScheduleLog } from "../schedules/scheduleLog.ts";

const [, , directory = "", id = "", count = "0"] = process.argv;
const log = openScheduleLog(directory, { wall: () => 0, programVersion: "0.1.0" });

for (let slot = 1; slot <= Number(count); slot++) {
  const run = makeRunId(slot * 1000, Math.random);
  let isMine = false;
  log.append((schedules) => {
    isMine = (schedules.get(id)?.handledThrough ?? slot) < slot;
    return isMine ? [{ type: "schedule-due", id, slot, run, way: "on-time" }] : [];
  });
  if (!isMine) continue;
  log.append((schedules) => {
    const before = schedules.get(id)?.running.map((fired) => fired.slot) ?? [];
    const ends = before.map((each): ScheduleEvent => ({
      type: "schedule-ended",
      id,
      slot: each,
      outcome: "succeeded",
    }));
    return [...ends, { type: "schedule-fired", id, slot, run }];
  });
  writeSync(1, `fired ${slot}\n`);
}
writeSync(1, "done\n");
