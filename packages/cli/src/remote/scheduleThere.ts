import { routes } from "@claude-orchestrator/protocol";
import type { Asking, Routes } from "@claude-orchestrator/protocol";
import type { Io } from "../io/channel.ts";
import { cronOf, tellAdded } from "../schedule/addSchedule.ts";
import type { AddFlags } from "../schedule/addSchedule.ts";
import { slotTime } from "../schedule/words.ts";
import { line } from "../views/text/line.ts";
import { layTable } from "../views/text/table.ts";
import { askServer } from "./askServer.ts";
import { fileThere } from "./fileThere.ts";
import { readServerAddress } from "./serverAddress.ts";

type Policies = Pick<Asking<Routes["addSchedule"]>["body"], "missed" | "overlap">;

/** `schedule add --server`. */
export async function addScheduleThere(
  server: string,
  [word = "", ...runFlags]: readonly string[],
  flags: AddFlags & { readonly paste: boolean },
  io: Io,
): Promise<number> {
  const address = readServerAddress(server, io);
  const { tz, name, replace } = flags;
  const body: Asking<Routes["addSchedule"]>["body"] = {
    ...(await fileThere(word, flags.paste, io.cwd)),
    ...({ missed: flags.missed, overlap: flags.overlap } as Policies),
    cron: cronOf(flags),
    tz,
    name,
    run_flags: runFlags,
    replace,
  };
  tellAdded(await askServer(address, routes.addSchedule, { body }), flags, io);
  return 0;
}

/** `schedule list --server`: whose times are told in each schedule's own zone. */
export async function listSchedulesThere(server: string, flags: { readonly json: boolean }, io: Io): Promise<number> {
  const { daemon, schedules } = await askServer(readServerAddress(server, io), routes.listSchedules);
  if (flags.json) io.out.json(schedules);
  else if (schedules.length === 0) io.talk.lines([line(`There are no schedules at ${server} yet`)]);
  else {
    io.out.lines(layTable(columns, (schedules as unknown as readonly Listed[]).map(row), { width: io.out.columns }));
    if (daemon === false) io.talk.lines([line("No daemon is running there, so nothing is fired yet", "warn")]);
  }
  return 0;
}

/** As far as it is shown here. */
interface Listed {
  readonly name: string;
  readonly cron: string;
  readonly zone: string;
  readonly paused: boolean;
  readonly next: readonly string[];
  readonly last: { readonly outcome: string } | null;
}

const columns = [
  { title: "name", rank: 5, shrinkTo: 8 },
  { title: "cron", rank: 2, shrinkTo: 9 },
  { title: "next", rank: 4 },
  { title: "zone", rank: 1, shrinkTo: 8 },
  { title: "outcome", rank: 3, shrinkTo: 12 },
];

function row({ name, cron, zone, paused, next: [next], last }: Listed) {
  const when = next === undefined ? "never" : slotTime(Date.parse(next), zone);
  return [
    { text: name, tone: "strong" as const },
    { text: cron },
    paused ? { text: "paused", tone: "warn" as const } : { text: when },
    { text: zone, tone: "quiet" as const },
    { text: last === null ? "" : last.outcome.replaceAll("_", " ") },
  ];
}

const changes = {
  remove: routes.removeSchedule,
  pause: routes.pauseSchedule,
  unpause: routes.unpauseSchedule,
} as const;

/** `schedule remove --server`, `schedule pause --server`, `schedule unpause --server`. */
export async function changeScheduleThere(
  kind: keyof typeof changes,
  server: string,
  [schedule = ""]: readonly string[],
  io: Io,
): Promise<number> {
  const { message } = await askServer(readServerAddress(server, io), changes[kind], { params: { schedule } });
  io.talk.write(`${message}\n`);
  return 0;
}

/** `schedule run-now --server`: the run goes on there. */
export async function runScheduleNowThere(
  server: string,
  [schedule = ""]: readonly string[],
  flags: { readonly json: boolean },
  io: Io,
): Promise<number> {
  const started = await askServer(readServerAddress(server, io), routes.runScheduleNow, { params: { schedule } });
  if (flags.json) io.out.json(started);
  else io.out.write(`${started.run}\n`);
  return 0;
}
