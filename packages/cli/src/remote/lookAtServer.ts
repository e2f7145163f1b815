import { formatDuration } from "@claude-orchestrator/domain";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { routes } from "@claude-orchestrator/protocol";
import { tellRun } from "../history/showRun.ts";
import type { ShowFlags } from "../history/showRun.ts";
import type { Io } from "../io/channel.ts";
import { RunFold } from "../run/runFold.ts";
import { line } from "../views/text/line.ts";
import { layTable } from "../views/text/table.ts";
import { clockTime } from "../views/words.ts";
import { askServer, openAnswer } from "./askServer.ts";
import { readServerAddress } from "./serverAddress.ts";

const defaultLimit = 20;
const pageEvents = 5000;
/** What is said of a run beside its log comes from the server; here only the log is folded. */
const followMs = 20_000;

/** `ps --server`. */
export async function listOpenRunsThere(server: string, flags: { readonly json: boolean }, io: Io): Promise<number> {
  const { runs } = await askServer(readServerAddress(server, io), routes.listOpenRuns);
  if (flags.json) io.out.json(runs);
  else if (runs.length === 0) io.talk.lines([line(`No run at ${server} is at work`)]);
  else {
    const columns = [
      { title: "run", rank: 3 },
      { title: "name", rank: 1, shrinkTo: 8 },
      { title: "status", rank: 2 },
    ];
    const rows = runs.map(({ run, name, status }) => [
      { text: run, tone: "strong" as const },
      { text: name ?? "" },
      { text: status },
    ]);
    io.out.lines(layTable(columns, rows, { width: io.out.columns }));
  }
  return 0;
}

/** `runs list --server`. */
export async function listRunsThere(
  server: string,
  flags: { readonly json: boolean; readonly limit: number | undefined },
  io: Io,
): Promise<number> {
  const query = { limit: flags.limit ?? defaultLimit };
  const { runs } = await askServer(readServerAddress(server, io), routes.listRuns, { query });
  if (flags.json) io.out.json(runs);
  else if (runs.length === 0) io.talk.lines([line(`There are no runs at ${server} yet`)]);
  else {
    const columns = [
      { title: "run", rank: 5 },
      { title: "name", rank: 3, shrinkTo: 8 },
      { title: "when", rank: 2 },
      { title: "outcome", rank: 4, shrinkTo: 9 },
      { title: "time", rank: 1, align: "right" as const },
    ];
    const rows = runs.map(({ run, name, created_at, status, duration_ms }) => [
      { text: run, tone: "strong" as const },
      { text: name ?? "" },
      { text: created_at === null ? "" : clockTime(Date.parse(created_at)), tone: "quiet" as const },
      { text: status.replaceAll("_", " ") },
      { text: duration_ms === null ? "" : formatDuration(duration_ms) },
    ]);
    io.out.lines(layTable(columns, rows, { width: io.out.columns }));
  }
  return 0;
}

/** `show --server`: the run's log is folded here, by what folds every log. */
export async function showRunThere(
  server: string,
  [run = "", name]: readonly string[],
  flags: ShowFlags,
  io: Io,
): Promise<number> {
  const address = readServerAddress(server, io);
  const shown = await askServer(address, routes.showRun, { params: { run } });
  const fold = new RunFold();
  for (let from = 1, hasMore = true; hasMore;) {
    const query = { from, limit: pageEvents };
    const page = await askServer(address, routes.listEvents, { params: { run: shown.run }, query });
    fold.add(page.events as unknown as readonly LoggedEvent[]);
    [from, hasMore] = [page.next, page.has_more];
  }
  if (fold.state === undefined) throw new Error("a run that is shown has a first event");
  const opened = { state: fold.state, uses: fold.uses(Date.now()), directory: fold.state.directory };
  return tellRun(opened, { is: shown.standing }, { ...flags, name }, io);
}

/** `logs --server`. */
export async function printLogsThere(
  server: string,
  [run = "", instance = ""]: readonly string[],
  flags: { readonly attempt: number | undefined; readonly stderr: boolean; readonly follow: boolean },
  io: Io,
): Promise<number> {
  const address = readServerAddress(server, io);
  const query = { instance, attempt: flags.attempt, stream: flags.stderr ? "stderr" : "stdout" };
  if (!flags.follow) {
    const answer = await openAnswer(address, routes.downloadLog, { params: { run }, query });
    for await (const part of answer as AsyncIterable<Buffer>) await io.out.writeSlowly(part);
    return 0;
  }
  for (let from = 1, isOver = false; !isOver && !io.out.isClosed;) {
    const wish = { params: { run }, query: { ...query, from_line: from, wait_ms: followMs } };
    const page = await askServer(address, routes.readLog, wish);
    await io.out.writeSlowly(page.lines.map(({ text }) => `${text}\n`).join(""));
    [from, isOver] = [page.next_line, page.is_over];
  }
  return 0;
}
