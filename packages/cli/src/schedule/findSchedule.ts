import { nearest } from "@claude-orchestrator/config";
import { UserError } from "@claude-orchestrator/domain";
import type { Schedules, ScheduleState } from "@claude-orchestrator/domain";
import { programName } from "../program/version.ts";

/** The schedule a person means: its name or its id. @throws UserError schedule-not-found */
export function findSchedule(schedules: Schedules, text: string): ScheduleState {
  const found = schedules.get(text) ?? [...schedules.values()].find(({ schedule }) => schedule.name === text);
  if (found !== undefined) return found;
  const near = nearest(
    text,
    [...schedules.values()].map(({ schedule }) => schedule.name),
  );
  throw new UserError("schedule-not-found", `There is no schedule \`${text}\``, {
    hint: near === undefined ? `\`${programName} schedule list\` lists them` : `did you mean \`${near}\`?`,
  });
}
