import type { Answer, Asked, Routes, RunSummaryDocument } from "@claude-orchestrator/protocol";
import type { Fleet, OutputFile, OutputWish } from "@claude-orchestrator/server";
import { findRun, summarizeRun } from "@claude-orchestrator/store";
import type { FoundRun } from "@claude-orchestrator/store";
import { statSync } from "node:fs";
import { join } from "node:path";
import { listAgents } from "../doctor/listAgents.ts";
import { runDoctor } from "../doctor/runDoctor.ts";
import { checkHistory } from "../forecast/checkHistory.ts";
import { differenceOf } from "../folders/showDifference.ts";
import { instanceOf } from "../history/openRun.ts";
import { attemptOf } from "../history/printLogs.ts";
import { listSlashCommands } from "../history/slashCommands.ts";
import { capturedIo } from "../io/capturedIo.ts";
import type { Io } from "../io/channel.ts";
import { resultDocument } from "../reports/resultDocument.ts";
import { listRunning } from "../supervise/listRunning.ts";
import { standingOf, standingOfListed } from "../supervise/standing.ts";
import { printUsage } from "../usage/printUsage.ts";
import { answered } from "./answered.ts";
import type { FoldedRuns } from "./foldedRuns.ts";

/** Of a difference no more is told at once: a browser has to lay it out. */
const longestDifference = 5_000_000;

/** From the folder of a run to the first event in its log passes the start of a program, on a busy machine. */
const longestBeginningMs = 10_000;

/** The list is looked at twice a second, and the server does nothing else while a log is waited for. */
const shortPatience = 1;

type ReadRoute =
  | "listOpenRuns"
  | "showRun"
  | "showDifference"
  | "getCheckup"
  | "listAgents"
  | "listCommands"
  | "getUsage"
  | "checkForecasts";

/** Routes that only look. */
export function readRoutes(io: Io, runsFolder: string, folded: FoldedRuns): Pick<Fleet["routes"], ReadRoute> {
  const noPaths = { json: true, "agent-path": [] } as const;
  return {
    listOpenRuns: async () => {
      const { document } = await answered(io, (to) => listRunning({ json: true, "runs-dir": runsFolder }, to));
      return { runs: document as Answer<Routes["listOpenRuns"]>["runs"] };
    },
    showRun: async ({ params }) => show(findRun(runsFolder, params.run), folded),
    showDifference: (asked) => difference(asked, runsFolder, io),
    getCheckup: async () => {
      const { document } = await answered(io, (to) => runDoctor({ ...noPaths, "runs-dir": runsFolder }, to), [0, 1]);
      return document as Answer<Routes["getCheckup"]>;
    },
    getUsage: async ({ query: { by, since, until, tz, top, include_demo } }) => {
      const asked = { by, since, until, tz, top, csv: false, json: true, "include-demo": include_demo };
      const { document } = await answered(io, (to) => printUsage({ ...asked, "runs-dir": runsFolder }, to));
      return document as Answer<Routes["getUsage"]>;
    },
    checkForecasts: async ({ query: { runs } }) => {
      const { document } = await answered(io, (to) => checkHistory({ json: true, runs, "runs-dir": runsFolder }, to));
      return document as Answer<Routes["checkForecasts"]>;
    },
    listAgents: async () => {
      const { document } = await answered(io, (to) => listAgents(noPaths, to));
      return { agents: document as Answer<Routes["listAgents"]>["agents"] };
    },
    listCommands: async ({ query }) => {
      const flags = { json: true, workspace: query.workspace, "built-in": query.built_in };
      const { document } = await answered(io, (to) => listSlashCommands(flags, to));
      return { commands: document as Answer<Routes["listCommands"]>["commands"] };
    },
  };
}

function show(found: FoundRun, folded: FoldedRuns): Answer<Routes["showRun"]> {
  const { state, uses } = folded.read(found);
  const { is } = standingOf(found.directory, state.phase.status === "settled");
  return {
    run: state.id,
    standing: is,
    paused: state.paused !== undefined,
    seq: state.seq,
    result: { ...resultDocument(state, uses), run: state.id },
  };
}

async function difference(
  { params, query }: Asked<Routes["showDifference"]>,
  runsFolder: string,
  io: Io,
): Promise<Answer<Routes["showDifference"]>> {
  const found = await differenceOf([params.run, query.instance], runsFolder, capturedIo(io));
  const { text, files } = found.difference;
  return {
    instance: found.instance,
    files: files.map(({ path, insertions, deletions }) => ({
      path,
      insertions: insertions ?? null,
      deletions: deletions ?? null,
    })),
    text: text.slice(0, longestDifference),
    is_cut: text.length > longestDifference,
  };
}

/** A line of the list of runs, as `runs list --json` has it, without the size of its folder. */
export function summaryOf(found: FoundRun, before?: RunSummaryDocument): RunSummaryDocument | undefined {
  const run = summarizeRun(found, shortPatience);
  const nothing = { exit_code: null, duration_ms: null, ended_at: null };
  if ("damaged" in run) {
    const { id, directory, damaged, mayPass } = run;
    if (mayPass === "held" && before !== undefined) return before;
    // Its starter has made the folder, and its supervisor is about to write the first event.
    if (before === undefined && isYoung(directory)) return undefined;
    // One that never came to its first event can be resumed: it is begun then.
    const status = mayPass === "empty" ? standingOf(directory, false).is : "damaged";
    const unknown = { name: null, created_at: null, instances: 0, verdicts: {}, status };
    return { run: id, directory, ...unknown, ...nothing, problem: damaged };
  }
  const standing = standingOfListed(run);
  const settled = standing.is === "settled" ? run.settled : undefined;
  return {
    run: run.id,
    name: run.name,
    directory: run.directory,
    created_at: new Date(run.createdAt).toISOString(),
    instances: run.instances,
    verdicts: { ...run.verdicts },
    status: settled?.outcome ?? standing.is,
    ...(settled === undefined
      ? nothing
      : {
          exit_code: settled.exitCode,
          duration_ms: settled.durationMs,
          ended_at: new Date(settled.at).toISOString(),
        }),
  };
}

function isYoung(directory: string): boolean {
  const born = statSync(directory, { throwIfNoEntry: false })?.birthtimeMs ?? 0;
  return Math.abs(Date.now() - born) < longestBeginningMs;
}

/** Where an attempt's raw output is, and whether more will come. @throws UserError instance-not-found, log-not-usable */
export function outputOf(found: FoundRun, wish: OutputWish, folded: FoldedRuns): OutputFile {
  const instance = instanceOf(folded.read(found).state, wish.instance);
  const { number, files } = attemptOf(instance, wish.attempt);
  const hasEnded = (): boolean => {
    const { phase, instances } = folded.read(found).state;
    const attempt = instances.get(instance.name)?.attempts.find((each) => each.number === number);
    return phase.status === "settled" || attempt?.end !== undefined;
  };
  return {
    path: join(found.directory, wish.stream === "stderr" ? files.stderr : files.stdout),
    isOver: () => hasEnded() || standingOf(found.directory, false).is === "interrupted",
  };
}
