import { existsSync } from "node:fs";
import { UserError } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import { resumeRun, startRun } from "@claude-orchestrator/engine";
import type { EngineParts, RunControl, RunRequest } from "@claude-orchestrator/engine";
import { keepMemoryLean } from "@claude-orchestrator/host";
import type { FoundRun, RunLock } from "@claude-orchestrator/store";
import { gatewayOf, replayMarks } from "../gateway/cassette.ts";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import type { DisplayWish } from "../run/display.ts";
import { assignOwnFolders, withOwnFolders } from "../run/ownFolders.ts";
import { checkBeforeStart } from "../run/preflight.ts";
import type { Preflight } from "../run/preflight.ts";
import { refuseIf } from "../run/problems.ts";
import { readPlan } from "../run/readPlan.ts";
import type { ReadPlan } from "../run/readPlan.ts";
import { runRequest } from "../run/runRequest.ts";
import { prepareTelemetry } from "../telemetry/prepareTelemetry.ts";
import { openSharedLedger } from "../run/sharedLedger.ts";
import { digestOf, readCommandRecord } from "./commandRecord.ts";
import type { CommandRecord } from "./commandRecord.ts";
import { continueHistory, readHistory } from "./history.ts";
import { changedParts, refuseVanished, withBudgetsSet } from "./planChange.ts";
import { pausedSentence } from "./standing.ts";
import { supervise } from "./supervise.ts";

export interface TakeUpWish extends DisplayWish {
  readonly acceptChanges: boolean;
  readonly isDetached: boolean;
}

/** A run whose lock this program holds; released here, whatever comes of it. */
export interface LockedRun extends FoundRun {
  readonly lock: RunLock;
}

/** Which settled instances are wanted again; throws where the run is not one to go on with. */
export type ChooseAgain = (state: RunState) => readonly string[];

/**
 * Goes on with a run as the plan says that its command line asks for now; one that never came to its first event is begun.
 * Nothing is written to its log until all is well.
 *
 * @throws UserError plan-changed where the plan is another one and that was not accepted; whatever reading a plan throws
 */
export async function takeUp(run: LockedRun, choose: ChooseAgain, wish: TakeUpWish, io: Io): Promise<number> {
  keepMemoryLean();
  const { directory, lock } = run;
  try {
    const state = readHistory(run);
    const reopen = state === undefined ? [] : choose(state);
    const command = readCommandRecord(directory, run.id);
    const place = { ...io, cwd: command.cwd };
    const { read, preflight: asWritten } = await readAgain(command, run.id, place, state);
    const preflight = { ...asWritten, plan: withBudgetsSet(state, asWritten.plan) };
    const planChanged = state !== undefined && (await hasChanged(state, preflight.plan, { command, wish }, io));
    // A start time in the past is no mistake of a run that has begun.
    refuseIf(preflight.obstacles.filter(({ code }) => state === undefined || code !== "start-at-invalid"));
    const gateway = await gatewayOf(preflight, command.flags, place, { history: state, reopen });
    const telemetry = await prepareTelemetry(preflight.plan, place, state);
    const { id } = run;
    const marks = replayMarks(command.flags, command.cwd);
    const isPlayed = marks.demo !== undefined;
    const shared = openSharedLedger({ plan: preflight.plan, run: id, directory, isPlayed }, place);
    const stillPaused = pausedSentence(state);
    if (stillPaused !== undefined) io.talk.write(`${stillPaused}\n`);
    const own = await assignOwnFolders({ plan: preflight.plan, run: id, directory, history: state }, io);
    const asked: RunRequest = { ...runRequest({ id, directory, preflight, read }, marks), by: io.by };
    const request = withOwnFolders(asked, own);
    const { log, events, lost } = continueHistory(directory);
    const begin = (parts: EngineParts): RunControl =>
      state === undefined
        ? startRun(request, parts)
        : resumeRun({ ...request, history: state, lost, planChanged, reopen }, parts);
    const { junit, markdown } = command.flags;
    const { plan } = request;
    const supervision = { id, directory, lock, log, own, plan, gateway, telemetry, shared, history: events, begin };
    return await supervise(supervision, { ...wish, junit, markdown }, place);
  } finally {
    lock.release();
  }
}

/** The plan that the run's command line asks for now. */
async function readAgain(
  { words, flags, cwd, file }: CommandRecord,
  id: string,
  place: Io,
  state: RunState | undefined,
): Promise<{ readonly read: ReadPlan; readonly preflight: Preflight }> {
  const missing = [cwd, ...(file === undefined ? [] : [file.path])].find((path) => !existsSync(path));
  if (missing !== undefined) {
    const what = missing === cwd ? "The folder this run was started in" : "The file of this run";
    throw new UserError("file-not-readable", `${what}, ${missing}, is not there any more`, {
      hint: `put it back to go on; \`${programName} stop ${id}\` ends the run without it`,
    });
  }
  // As if it were typed there again: a path given to a flag is looked for from there as well.
  process.chdir(cwd);
  const read = await readPlan(words, flags, place);
  return { read, preflight: await checkBeforeStart(read.plan, flags, place, state) };
}

/** Whether the plan is another one than the log's, which has been shown and accepted. @throws UserError plan-changed */
async function hasChanged(
  state: RunState,
  plan: Preflight["plan"],
  { command, wish }: { readonly command: CommandRecord; readonly wish: TakeUpWish },
  io: Io,
): Promise<boolean> {
  const parts = changedParts(state.plan, plan);
  if (parts.length === 0) return false;
  // Apart, since it brings the finder of differences along: most runs have none.
  const { planDiffLines } = await import("./planDiff.ts");
  io.talk.lines(planDiffLines(parts));
  refuseVanished(state, plan);
  if (wish.acceptChanges) return true;
  throw new UserError(
    "plan-changed",
    `${reasonOf(command)}, so ${state.id} does not go on (above: - as it began, + now)`,
    {
      hint: "add `--accept-changes` to go on as it is now, or put it back as it was",
    },
  );
}

function reasonOf({ file }: CommandRecord): string {
  if (file === undefined) return "The same words mean another run now";
  const isSame = file.sha256 !== undefined && digestOf(file.path) === file.sha256;
  return isSame
    ? `${file.path} is the same, but means another run now (another program, machine or folder)`
    : `${file.path} has changed since the run began`;
}
