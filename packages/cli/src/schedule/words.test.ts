import { makeRunId } from "@claude-orchestrator/domain";
import type { Schedule, ScheduleEvent } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { eventWords } from "./words.ts";

const schedule: Schedule = {
  id: "sch_1",
  name: "nightly",
  cron: "0 2 * * *",
  zone: "UTC",
  file: "/w/nightly.yaml",
  flags: [],
  cwd: "/w",
  runs: "/w/.orchestrator/runs",
  missed: "once",
  overlap: "skip",
};
const slot = Date.UTC(2026, 10, 26, 2);
const run = makeRunId(slot, () => 0.5);
const say = (event: ScheduleEvent): string => eventWords(schedule, event);

test("the daemon names the run of a slot once it has begun, and never one that could not be started", () => {
  const { id } = schedule;
  expect([
    say({ type: "schedule-due", id, slot, run, way: "on-time" }),
    say({ type: "schedule-due", id, slot, run, way: "missed" }),
    say({ type: "schedule-failed", id, slot, reason: "its folder /w is not there" }),
    say({ type: "schedule-fired", id, slot, run }),
  ]).toEqual([
    "nightly  2026-11-26 02:00 +00:00  is due",
    "nightly  2026-11-26 02:00 +00:00  is due (missed)",
    "nightly  2026-11-26 02:00 +00:00  failed to start: its folder /w is not there",
    `nightly  2026-11-26 02:00 +00:00  ${run} has begun`,
  ]);
});
