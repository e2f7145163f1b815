import * as z from "zod";
import * as documents from "./documents.ts";
import { defineRoute } from "./route.ts";
import type { Route } from "./route.ts";

const schedule = z.object({ schedule: z.string().min(1).max(80).describe("A schedule's name or id") });
const cron = z
  .string()
  .min(1)
  .max(200)
  .describe("Minute, hour, day, month, weekday; a sixth field, in front, is the second; or `@daily` and the like");
const tz = z.string().min(1).max(64).optional().describe("Such as Europe/Berlin; default: the server's");

/** About the schedules of the person whose server it is. */
export const scheduleRoutes = {
  listSchedules: defineRoute({
    method: "GET",
    path: "/api/schedules",
    permission: "schedule:read",
    summary: "The schedules of the person whose server this is",
    answer: documents.schedules,
  }),
  listSlots: defineRoute({
    method: "GET",
    path: "/api/slots",
    permission: "schedule:read",
    summary: "When a cron pattern comes next; nothing is scheduled",
    query: z.strictObject({ cron, tz, count: z.coerce.number().int().min(1).max(20).default(5) }),
    answer: documents.slots,
  }),
  addSchedule: defineRoute({
    method: "POST",
    path: "/api/schedules",
    permission: "schedule:change",
    summary: "Run a file again and again, at the times of a cron pattern; what could not run is refused",
    body: z.strictObject({
      file: z.string().min(1).max(4096).optional().describe("Its path; it is read anew for each slot"),
      text: z.string().min(1).max(1_000_000).optional().describe("The file itself, pasted: it is kept as it is"),
      cron,
      tz,
      name: z.string().min(1).max(80).optional().describe("Default: as the file says"),
      missed: z
        .enum(["skip", "once", "all"])
        .default("once")
        .describe("What becomes of slots that passed while no daemon was there"),
      overlap: z
        .enum(["skip", "queue", "replace"])
        .default("skip")
        .describe("What becomes of a slot whose forerunner still works"),
      run_flags: z
        .array(z.string().min(1).max(4096))
        .max(100)
        .default([])
        .describe("Flags of `run`, a word each: `--budget-usd=2`"),
      replace: z.boolean().default(false).describe("Take the place of the schedule of this name, in its folder"),
    }),
    answer: documents.addedSchedule,
    status: 201,
  }),
  pauseSchedule: defineRoute({
    method: "POST",
    path: "/api/schedules/{schedule}/pause",
    permission: "schedule:change",
    summary: "From now on it has no slots",
    params: schedule,
    answer: documents.done,
  }),
  unpauseSchedule: defineRoute({
    method: "POST",
    path: "/api/schedules/{schedule}/unpause",
    permission: "schedule:change",
    summary: "It goes on; what passed meanwhile is not made up for",
    params: schedule,
    answer: documents.done,
  }),
  runScheduleNow: defineRoute({
    method: "POST",
    path: "/api/schedules/{schedule}/run-now",
    permission: "schedule:change",
    summary: "Start its run at once; its slots stay as they are",
    params: schedule,
    answer: z.object({ run: z.string() }),
    status: 201,
  }),
  removeSchedule: defineRoute({
    method: "DELETE",
    path: "/api/schedules/{schedule}",
    permission: "schedule:change",
    summary: "What waits is dropped, what runs goes on",
    params: schedule,
    answer: documents.done,
  }),
} as const satisfies Readonly<Record<string, Route>>;
