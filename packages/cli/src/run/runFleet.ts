import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { agents } from "@claude-orchestrator/agents";
import { makeRunId } from "@claude-orchestrator/domain";
import { startRun } from "@claude-orchestrator/engine";
import type { EngineParts, RunRequest } from "@claude-orchestrator/engine";
import { createCheckRunner, createClock, createEnvironment, createProcessHost } from "@claude-orchestrator/host";
import { createRunLog } from "@claude-orchestrator/store";
import type { RunLog } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { programVersion } from "../program/version.ts";
import { cleanLine } from "../views/text/cleanText.ts";
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
import { workspaceContexts } from "./workspace.ts";

export type RunFlagValues = PlanFlagValues &
  DisplayWish & {
    readonly junit: string | undefined;
    readonly markdown: string | undefined;
    readonly "demo-note": string | undefined;
  };

/**
 * `run`: from the words of a command line to an exit code.
 *
 * 1. Nothing starts, and nothing is written, while anything is wrong.
 * 2. What is shown is what the log has on disk.
 * 3. However this ends, the screen is given back and no process of the run is left.
 */
export async function runFleet(words: readonly string[], flags: RunFlagValues, io: Io): Promise<number> {
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
  tellTrouble(log, display);
  // The last resort of every way out, also those nobody thought of.
  const lastResort = (): void => {
    display.end();
    host.killEverythingNow();
  };
  process.once("exit", lastResort);
  const parts: EngineParts = {
    clock,
    processes: host,
    log,
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
      process.exit(code);
    },
  });
  try {
    const { exitCode } = await control.done;
    await log.close();
    display.end();
    return await finish(fold, exitCode, flags, io);
  } finally {
    lastResort();
    ignoreSignals();
    process.off("exit", lastResort);
  }
}

async function finish(fold: RunFold, exitCode: number, flags: RunFlagValues, io: Io): Promise<number> {
  const { state } = fold;
  if (state === undefined) throw new Error("the run ended without a first event");
  const wish: FinishWish = {
    json: flags.json,
    quiet: flags.quiet,
    ...(flags.junit === undefined ? {} : { junit: flags.junit }),
    ...(flags.markdown === undefined ? {} : { markdown: flags.markdown }),
  };
  const uses = fold.uses(Date.now());
  const problems = await writeReports(state, uses, wish, io);
  printSummary(state, uses, wish, io);
  for (const problem of problems) io.talk.write(`${io.talk.paint("bad", "error:")} ${cleanLine(problem)}\n`);
  return problems.length > 0 && exitCode === 0 ? 1 : exitCode;
}

/** A full disk is told while it lasts; the run goes on, and its events wait in memory. */
function tellTrouble(log: RunLog, display: Display): void {
  log.onTrouble((trouble) => {
    display.print(
      trouble === undefined ? "The run's log can be written again\n" : `warning: ${cleanLine(trouble.message)}\n`,
    );
  });
}
