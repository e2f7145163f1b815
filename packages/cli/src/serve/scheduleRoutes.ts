import { UserError } from "@claude-orchestrator/domain";
import type { Schedule } from "@claude-orchestrator/domain";
import type { Answer, Asked, Routes } from "@claude-orchestrator/protocol";
import type { Fleet } from "@claude-orchestrator/server";
import type { Io } from "../io/channel.ts";
import { keepPasted } from "../run/keepPasted.ts";
import { addSchedule } from "../schedule/addSchedule.ts";
import { pauseSchedule, removeSchedule, unpauseSchedule } from "../schedule/changeSchedule.ts";
import { isDaemonRunning } from "../schedule/daemonState.ts";
import { listSchedules } from "../schedule/listSchedules.ts";
import { runNow } from "../schedule/runNow.ts";
import { machineZone, readSlotTimes } from "../schedule/slotTimes.ts";
import { readSchedules } from "../schedule/stateFolder.ts";
import { answered } from "./answered.ts";
import { fileRefusal, problemsOf, readFileText } from "./fileText.ts";

type ScheduleRoute =
  | "listSchedules"
  | "listSlots"
  | "addSchedule"
  | "pauseSchedule"
  | "unpauseSchedule"
  | "removeSchedule"
  | "runScheduleNow";

/** Routes about the schedules of the person whose server this is. */
export function scheduleRoutes(io: Io, runsFolder: string): Pick<Fleet["routes"], ScheduleRoute> {
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
    listSlots: async ({ query: { cron, tz, count } }) => {
      const zone = tz ?? machineZone();
      const next = readSlotTimes(cron, zone).next(Date.now(), count);
      return { zone, next: next.map((at) => new Date(at).toISOString()) };
    },
    addSchedule: ({ body }) => add(body, runsFolder, io),
    pauseSchedule: ({ params }) => change(pauseSchedule, params.schedule),
    unpauseSchedule: ({ params }) => change(unpauseSchedule, params.schedule),
    removeSchedule: ({ params }) => change(removeSchedule, params.schedule),
    runScheduleNow: async ({ params }) => {
      const { document } = await answered(io, (to) => runNow([params.schedule], { json: true }, to));
      return { run: (document as { readonly run: string }).run };
    },
  };
}

type Wish = Asked<Routes["addSchedule"]>["body"];

/**
 * Its runs are kept where those of this server are, but where its own flags say otherwise. One that takes another's place stays in
 * that one's folder: it may have been added from elsewhere.
 */
async function add(wish: Wish, runsFolder: string, io: Io): Promise<Answer<Routes["addSchedule"]>> {
  if ((wish.file === undefined) === (wish.text === undefined)) {
    throw new UserError("usage", "A schedule runs one of two: `file` or `text`");
  }
  const file = await readFileText(wish, io);
  const problems = problemsOf(file, io);
  if (problems.length > 0) throw fileRefusal(file.shown, problems, "scheduled");
  const path = file.path ?? keepPasted(file.text, runsFolder);
  const { cron, tz, name, missed, overlap, replace, run_flags: runFlags } = wish;
  const before = replace ? namesakeOf(name, io) : undefined;
  const env = { ...io.env, CLAUDE_ORCHESTRATOR_RUNS: before?.runs ?? runsFolder };
  const here = { ...io, cwd: before?.cwd ?? io.cwd, env };
  const flags = { cron, tz, name, missed, overlap, replace, json: true };
  const { document } = await answered(here, (to) => addSchedule([path, ...runFlags], flags, to));
  return document as Answer<Routes["addSchedule"]>;
}

function namesakeOf(name: string | undefined, io: Io): Schedule | undefined {
  return [...readSchedules(io).values()].find(({ schedule }) => schedule.name === name)?.schedule;
}
