import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { agents } from "@claude-orchestrator/agents";
import { makeRunId, UserError } from "@claude-orchestrator/domain";
import { startRun } from "@claude-orchestrator/engine";
import type { EngineParts, RunRequest } from "@claude-orchestrator/engine";
import {
  createCheckRunner,
  createClock,
  createEnvironment,
  createProcessHost,
  keepMemoryLean,
} from "@claude-orchestrator/host";
import { createRunLog } from "@claude-orchestrator/store";
import type { RunLog } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { programVersion } from "../program/version.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import type { Paint } from "../views/text/paint.ts";
import { createDisplay } from "./display.ts";
import type { Display, DisplayWish } from "./display.ts";
import { printSummary, writeReports } from "./finishRun.ts";
import type { FinishWish } from "./finishRun.ts";
import { checkBeforeStart } from "./preflight.ts";
import type { Preflight } from "./preflight.ts";
import { refuseIf } from "./problems.ts";
import { locatedPrograms } from "./programs.ts";
import { readPlan } from "./readPlan.ts";
import type { PlanFlagValues, ReadPlan } from "./readPlan.ts";
import { RunFold } from "./runFold.ts";
import { makeRunsFolder } from "./runsFolder.ts";
import { handleSignals } from "./signals.ts";
import { UnwrittenEvents } from "./unwrittenEvents.ts";
import { workspaceContexts } from "./workspace.ts";

export type RunFlagValues = PlanFlagValues &
  DisplayWish & {
    readonly junit: string | undefined;
    readonly markdown: string | undefined;
    readonly "demo-note": string | undefined;
  };

const exitCodeOfFailure = 1;

/** How a run ended: the engine's exit code, and why not all of it is in its log, where that is so. */
interface RunEnd {
  readonly exitCode: number;
  readonly loss: string | undefined;
}

/**
 * `run`: from the words of a command line to an exit code.
 *
 * 1. Nothing starts, and nothing is written, while anything is wrong.
 * 2. What is shown is what the log has on disk; the summary of a run that could not be written to its end says so.
 * 3. However this ends, the screen is given back and no process of the run is left.
 */
export async function runFleet(words: readonly string[], flags: RunFlagValues, io: Io): Promise<number> {
  keepMemoryLean();
  const read = await readPlan(words, flags, io);
  const preflight = await checkBeforeStart(read.plan, flags, io);
  refuseIf(preflight.obstacles);
  const id = makeRunId(Date.now(), Math.random);
  const folder = makeRunsFolder(io, flags["runs-dir"]);
  const directory = join(folder, id);
  const clock = createClock();
  const log = createRunLog(directory, id, { clock, programVersion: programVersion() });
  const request = runRequest({ id, directory, preflight, read }, flags["demo-note"]);
  return conduct(request, log, flags, io);
}

function runRequest(
  {
    id,
    directory,
    preflight,
    read,
  }: { readonly preflight: Preflight; readonly read: ReadPlan } & Pick<RunRequest, "id" | "directory">,
  demo: string | undefined,
): RunRequest {
  const { plan, startAt } = preflight;
  return {
    id,
    plan,
    version: programVersion(),
    ...(read.source === undefined ? {} : { source: read.source }),
    directory,
    ...(demo === undefined ? {} : { demo }),
    ...(startAt === undefined ? {} : { startAt }),
    programs: locatedPrograms(preflight.agents),
    contexts: workspaceContexts(plan),
  };
}

/** Runs it with everything that watches it, to its last event and its reports. */
async function conduct(request: RunRequest, log: RunLog, flags: RunFlagValues, io: Io): Promise<number> {
  const clock = createClock();
  const host = createProcessHost({ clock });
  const display = createDisplay(io, flags);
  const fold = new RunFold();
  log.subscribe((events) => {
    fold.add(events);
    display.show(events);
  });
  const unwritten = new UnwrittenEvents(log);
  tellTrouble(log, display, io.talk.paint);
  // The last resort of every way out, also those nobody thought of.
  const lastResort = (): void => {
    try {
      host.killEverythingNow();
    } finally {
      display.end();
    }
  };
  process.once("exit", lastResort);
  const parts: EngineParts = {
    clock,
    processes: host,
    log: unwritten.log,
    agents: new Map(agents.map((agent) => [agent.name, agent])),
    checks: createCheckRunner({ host, clock }),
    environment: createEnvironment(io.env),
    random: Math.random,
    uuid: randomUUID,
  };
  const control = startRun(request, parts);
  const ignoreSignals = handleSignals(control, {
    say: (text) => display.print(text),
    giveUp: (code) => {
      lastResort();
      io.talk.write("Ended at once: nothing was waited for, so the run has no last word\n");
      process.exit(code);
    },
  });
  try {
    const { exitCode } = await control.done;
    const loss = await closeLog(log);
    display.end();
    fold.add(unwritten.events);
    return await finish(fold, { exitCode, loss }, flags, io);
  } finally {
    lastResort();
    ignoreSignals();
    process.off("exit", lastResort);
  }
}

/** Why not all of the run is in its log; undefined where it is. */
async function closeLog(log: RunLog): Promise<string | undefined> {
  try {
    await log.close();
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "log-not-usable") throw error;
    return error.message;
  }
}

async function finish(fold: RunFold, { exitCode, loss }: RunEnd, flags: RunFlagValues, io: Io): Promise<number> {
  const { state } = fold;
  if (state === undefined) throw new Error("the run ended without a first event");
  const wish: FinishWish = {
    json: flags.json,
    quiet: flags.quiet,
    isRecorded: loss === undefined,
    ...(flags.junit === undefined ? {} : { junit: flags.junit }),
    ...(flags.markdown === undefined ? {} : { markdown: flags.markdown }),
  };
  const uses = fold.uses(Date.now());
  const reported = await writeReports(state, uses, wish, io);
  printSummary(state, uses, wish, io);
  const problems = loss === undefined ? reported : [`Not all of it could be written to the log: ${loss}`, ...reported];
  for (const problem of problems) io.talk.write(`${io.talk.paint("bad", "error:")} ${cleanLine(problem)}\n`);
  return problems.length > 0 ? Math.max(exitCode, exitCodeOfFailure) : exitCode;
}

/**
 * A full disk is told while it lasts, once each time it changes: what runs goes on, and its events wait in memory. Nothing that
 * is not on disk is shown, so the view stands still meanwhile.
 */
function tellTrouble(log: RunLog, display: Display, paint: Paint): void {
  log.onTrouble((trouble) => {
    if (trouble === undefined) {
      display.notice(undefined);
      display.print("The run's log can be written again, and has all that waited\n");
      return;
    }
    display.notice("the run's log cannot be written: what is shown here stands still");
    const what =
      trouble.kind === "lost"
        ? "What runs goes on to its end; nothing more of this run can be recorded, shown or started"
        : "What runs goes on and its events wait in memory; nothing more is started or shown until they can be written. Ctrl-C ends the run without waiting";
    display.print(`${paint("warn", "warning:")} ${cleanLine(trouble.message)}\n         ${what}\n`);
  });
}
