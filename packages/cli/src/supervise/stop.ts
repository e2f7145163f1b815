import { setTimeout as wait } from "node:timers/promises";
import { UserError } from "@claude-orchestrator/domain";
import type { InstanceState, Plan, RunOutcome, RunState } from "@claude-orchestrator/domain";
import { markerName, resumeRun } from "@claude-orchestrator/engine";
import type { ResumeRequest } from "@claude-orchestrator/engine";
import { endLeftProcesses } from "@claude-orchestrator/host";
import { findRun } from "@claude-orchestrator/store";
import type { FoundRun } from "@claude-orchestrator/store";
import { instancesOf } from "../history/openRun.ts";
import type { Io } from "../io/channel.ts";
import { programName, programVersion } from "../program/version.ts";
import { assignOwnFolders } from "../run/ownFolders.ts";
import { agentsOf } from "../run/programs.ts";
import { readPlan } from "../run/readPlan.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { openSharedLedger } from "../run/sharedLedger.ts";
import { glyphsFor } from "../views/text/glyphs.ts";
import { phaseWord } from "../views/words.ts";
import { askRun } from "./askRun.ts";
import { readCommandRecord } from "./commandRecord.ts";
import { followRun } from "./followRun.ts";
import { continueHistory, readHistory } from "./history.ts";
import { lockRun } from "./lockRun.ts";
import { changedParts } from "./planChange.ts";
import { standingOf } from "./standing.ts";
import { historyToStop, stopUnread } from "./stopUnread.ts";
import type { StopWish } from "./stopUnread.ts";
import { supervise } from "./supervise.ts";

/** An agent's polite part takes some seconds, and what it says at its end is read and checked. */
const patienceMs = 60_000;

const exitCodeOfNotYet = 1;

export interface StopFlags {
  readonly force: boolean;
  readonly "runs-dir": string | undefined;
}

/**
 * `stop RUN [INSTANCE]`: 0 once it has ended (also where it had already), 1 where it has not within a minute. Of a run that
 * was interrupted, what is left of its processes is ended, and its log told so.
 */
export async function stopRun([text = "", name]: readonly string[], flags: StopFlags, io: Io): Promise<number> {
  const found = findRun(oldRunsFolder(io, flags["runs-dir"]), text);
  const state = historyToStop(found);
  if (state === "unread") {
    return (await stopUnread(found, wishOf(name, flags), patienceMs, io)) ? 0 : tellNotYet(found.id, io);
  }
  const names = name === undefined ? [] : namesOf(state, name, found.id);
  if (state?.phase.status === "settled") return tellEnd(found.id, state.phase.outcome, io);
  if (standingOf(found.directory, false).is === "interrupted") {
    if (name !== undefined) throw noneAtWork(found.id);
    return settleInterrupted(found, flags.force, io);
  }
  const over = await askUnlessOver(found, names, flags, io);
  return over === undefined ? waitForEnd(found, { names, since: state?.seq ?? 0 }, io) : tellEnd(found.id, over, io);
}

/** How it ended, where it has come to its end since it was looked at. */
async function askUnlessOver(
  found: FoundRun,
  names: readonly string[],
  flags: Pick<StopFlags, "force">,
  io: Io,
): Promise<RunOutcome | undefined> {
  try {
    await askToStop(found, names, flags, io);
    return undefined;
  } catch (error) {
    const now = historyToStop(found);
    if (now === "unread" || now?.phase.status !== "settled") throw error;
    return now.phase.outcome;
  }
}

/** Asks a run at work to stop, or those of its instances; says what was answered, and waits for nothing else. */
export async function askToStop(
  found: FoundRun,
  names: readonly string[],
  flags: Pick<StopFlags, "force">,
  io: Io,
): Promise<void> {
  if (names.length === 0) io.talk.write(`${await askRun(found, wishOf(undefined, flags), io.by)}\n`);
  else await askForEach(found, names, flags, io);
}

/** Of a group, those that have not ended; of one that has ended whole its first, whose refusal says so. */
export function namesOf(state: RunState | undefined, name: string, id: string): readonly string[] {
  if (state === undefined) throw new UserError("run-not-running", `${id} has not begun yet`);
  const members = instancesOf(state, name);
  const open = members.filter(({ phase }) => phase.status !== "settled");
  return (open.length === 0 ? members.slice(0, 1) : open).map((each) => each.name);
}

/** The last first: of a sequence the later ones are stopped, and not skipped for the sake of an earlier one. */
async function askForEach(
  found: FoundRun,
  names: readonly string[],
  flags: Pick<StopFlags, "force">,
  io: Io,
): Promise<void> {
  for (const name of names.toReversed()) {
    // One of a group may have ended meanwhile, which is what was asked for.
    if (names.length > 1 && readHistory(found)?.instances.get(name)?.phase.status === "settled") continue;
    io.talk.write(`${await askRun(found, wishOf(name, flags), io.by)}\n`);
  }
}

function wishOf(instance: string | undefined, { force }: Pick<StopFlags, "force">): StopWish {
  return { kind: "stop", force, ...(instance === undefined ? {} : { instance }) };
}

export function noneAtWork(id: string): UserError {
  return new UserError("run-not-running", `${id} was interrupted: none of its instances runs on its own`, {
    hint: `\`${programName} stop ${id}\` ends all of it, \`${programName} resume ${id}\` goes on with it`,
  });
}

function tellEnd(id: string, outcome: RunOutcome, io: Io): number {
  io.talk.write(`${id} has come to its end already: ${outcome.replaceAll("_", " ")}\n`);
  return 0;
}

/** @param asked which instances (none: the run), and the last event before they were asked for: they may have settled earlier too */
async function waitForEnd(
  found: FoundRun,
  { names, since }: { readonly names: readonly string[]; readonly since: number },
  io: Io,
): Promise<number> {
  const over = Promise.withResolvers<"over">();
  const open = new Set(names);
  const late = wait(patienceMs, "late" as const, { ref: false });
  const { end, fold } = await followRun({
    directory: found.directory,
    onEvents: (events) => {
      for (const event of events) {
        if (event.seq > since && event.type === "instance-settled") open.delete(event.instance);
      }
      if (names.length > 0 && open.size === 0) over.resolve("over");
    },
    enough: Promise.race([over.promise, late]),
  });
  if (names.length > 0 && open.size === 0) {
    for (const name of names) tellSettled(fold.state?.instances.get(name), io);
    return 0;
  }
  if (end === "settled" && fold.state?.phase.status === "settled") {
    io.talk.write(`${found.id} ${fold.state.phase.outcome.replaceAll("_", " ")}\n`);
    return 0;
  }
  if (end === "interrupted") return settleInterrupted(found, true, io);
  return tellNotYet(found.id, io);
}

function tellSettled(instance: InstanceState | undefined, io: Io): void {
  if (instance?.phase.status !== "settled") return;
  io.talk.write(`${instance.name} ${phaseWord(instance, glyphsFor(io.env)).word}: ${instance.phase.reason}\n`);
}

function tellNotYet(id: string, io: Io): number {
  io.talk.write(`${id} has not ended within ${patienceMs / 1000}s: \`--force\` does not wait for its agents\n`);
  return exitCodeOfNotYet;
}

/** Takes the run up only to stop it: what still runs is ended, what ended meanwhile is told, nothing is started. */
async function settleInterrupted(found: FoundRun, force: boolean, io: Io): Promise<number> {
  const { id, directory } = found;
  const lock = await lockRun(found);
  try {
    const state = readHistory(found);
    if (state === undefined) {
      io.talk.write(`${id} never began, so there is nothing of it to end\n`);
      return 0;
    }
    // Somebody else may have gone on with it to its end since it was looked at: nothing may follow that.
    if (state.phase.status === "settled") return tellEnd(id, state.phase.outcome, io);
    const plan = (await planWithSecrets(found, state, io)) ?? state.plan;
    const own = await assignOwnFolders({ plan, run: id, directory, history: state }, io);
    // What was under way counts in it; where it cannot be used, the run is ended all the same.
    const shared = openSharedLedger(
      { plan: { ...plan, limits: [] }, run: id, directory, isPlayed: state.demo !== undefined },
      io,
    );
    const { log, events, lost } = continueHistory(directory);
    const request = stopRequest({ id, directory, history: state, lost, plan });
    const wish = { json: false, quiet: true, verbose: false, plain: true, junit: undefined, markdown: undefined };
    await supervise(
      {
        id,
        directory,
        lock,
        log,
        own,
        plan,
        shared,
        history: events,
        begin: (parts) => {
          const control = resumeRun(request, parts);
          control.stop({ force, by: io.by });
          return control;
        },
      },
      wish,
      io,
    );
    // What the run started and no attempt of it answers for any more: its supervisor may have died between an end and its sweep.
    await endLeftProcesses({ markerName: markerName(id), since: state.createdAt });
    return 0;
  } finally {
    lock.release();
  }
}

/** No program is looked for, since none will be started. */
function stopRequest(request: Pick<ResumeRequest, "id" | "directory" | "history" | "lost" | "plan">): ResumeRequest {
  const { source } = request.history;
  const programs = new Map(agentsOf(request.plan).map((agent) => [agent, { words: [agent] }]));
  const rest = { version: programVersion(), planChanged: false, reopen: [], programs, contexts: new Map() };
  return { ...request, ...rest, ...(source === undefined ? {} : { source }) };
}

/**
 * The plan as its file says, so that secrets can be taken out of what an agent has printed meanwhile; undefined where it
 * cannot be read any more, or is another plan.
 */
async function planWithSecrets(found: FoundRun, state: RunState, io: Io): Promise<Plan | undefined> {
  try {
    const { words, flags, cwd } = readCommandRecord(found.directory, found.id);
    const { plan } = await readPlan(words, flags, { ...io, cwd });
    return changedParts(state.plan, plan).length === 0 ? plan : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
