import type { Answer, Routes } from "@claude-orchestrator/protocol";
import type { Fleet } from "@claude-orchestrator/server";
import type { Io } from "../io/channel.ts";
import { pauseSchedule, removeSchedule, unpauseSchedule } from "../schedule/changeSchedule.ts";
import { isDaemonRunning } from "../schedule/daemonState.ts";
import { listSchedules } from "../schedule/listSchedules.ts";
import { runNow } from "../schedule/runNow.ts";
import { answered } from "./answered.ts";

type ScheduleRoute = "listSchedules" | "pauseSchedule" | "unpauseSchedule" | "removeSchedule" | "runScheduleNow";

/** Routes about the schedules of the person whose server this is. */
export function scheduleRoutes(io: Io): Pick<Fleet["routes"], ScheduleRoute> {
  const change = async (command: typeof pauseSchedule, name: string): Promise<{ message: string }> => {
    const { said } = await answered(io, (to) => command([name], to));
    return { message: said };
  };
  return {
    listSchedules: async () => {
      const { document } = await answered(io, (to) => listSchedules({ json: true }, to));
      const schedules = document as Answer<Routes["listSchedules"]>["schedules"];
      return { daemon: isDaemonRunning(io) ?? null, schedules };
    },
    pauseSchedule: ({ params }) => change(pauseSchedule, params.schedule),
    unpauseSchedule: ({ params }) => change(unpauseSchedule, params.schedule),
    removeSchedule: ({ params }) => change(removeSchedule, params.schedule),
    runScheduleNow: async ({ params }) => {
      const { document } = await answered(io, (to) => runNow([params.schedule], { json: true }, to));
      return { run: (document as { readonly run: string }).run };
    },
  };
}
