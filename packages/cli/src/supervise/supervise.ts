import { randomUUID } from "node:crypto";
import { isatty } from "node:tty";
import { agents } from "@claude-orchestrator/agents";
import { UserError } from "@claude-orchestrator/domain";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import type { EngineParts, RunControl } from "@claude-orchestrator/engine";
import {
  createCheckRunner,
  createClock,
  createEnvironment,
  createProcessHost,
  createWorkspaces,
  tellStarter,
} from "@claude-orchestrator/host";
import type { RunLock, RunLog } from "@claude-orchestrator/store";
import { applyRetention } from "../history/applyRetention.ts";
import type { Io } from "../io/channel.ts";
import { containmentWish } from "../run/containment.ts";
import { createDisplay } from "../run/display.ts";
import type { Display, DisplayWish } from "../run/display.ts";
import { printSummary, writeReports } from "../run/finishRun.ts";
import type { FinishWish } from "../run/finishRun.ts";
import { closeNotifier, notifyOf } from "../run/notifications.ts";
import { tidyOwnFolders } from "../run/ownFolders.ts";
import type { OwnFolders } from "../run/ownFolders.ts";
import { RunFold } from "../run/runFold.ts";
import { handleSignals } from "../run/signals.ts";
import { UnwrittenEvents } from "../run/unwrittenEvents.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import { line } from "../views/text/line.ts";
import type { Paint } from "../views/text/paint.ts";
import { setUpDesk } from "./desk.ts";
import { startRunReaper } from "./reapRun.ts";

/** A run that is to be supervised by this program, from its first event or from where its log ends. */
export interface Supervision {
  readonly directory: string;
  readonly lock: RunLock;
  readonly log: RunLog;
  /** Folders of instances that work apart. */
  readonly own: OwnFolders;
  /** What the log held already. */
  readonly history: readonly LoggedEvent[];
  readonly begin: (parts: EngineParts) => RunControl;
}

export interface SuperviseWish extends DisplayWish {
  readonly junit: string | undefined;
  readonly markdown: string | undefined;
  /** True: another program of ours started this one without a terminal, and waits to hear that the run has begun. */
  readonly isDetached?: boolean;
}

const exitCodeOfFailure = 1;

const longestTimerMs = 2 ** 31 - 1;

/** How a run ended: the engine's exit code, and why not all of it is in its log, where that is so. */
interface RunEnd {
  readonly exitCode: number;
  readonly loss: string | undefined;
}

/**
 * Supervises a run to its last event and its reports; gives the exit code.
 *
 * 1. It holds the run's lock from before the first event until after the last report, and says in the run's folder who it is.
 * 2. What is shown is what the log has on disk; the summary of a run that could not be written to its end says so.
 * 3. However this ends, the screen is given back and no process of the run is left.
 * 4. A terminal that is closed takes the view away and nothing else.
 */
export async function supervise(supervision: Supervision, wish: SuperviseWish, io: Io): Promise<number> {
  const { directory, log, history, lock } = supervision;
  const clock = createClock();
  const host = createProcessHost({ clock, containment: containmentWish(io.env) });
  const reaper = startRunReaper(directory);
  const display = createDisplay(io, wish);
  const fold = new RunFold();
  fold.add(history);
  display.recall(history);
  const isWritten = Promise.withResolvers<void>();
  log.subscribe((events) => {
    fold.add(events);
    display.show(events);
    isWritten.resolve();
  });
  const notifier = notifyOf(log, { directory, history }, display, io);
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
    workspaces: createWorkspaces({ ...supervision.own, host, clock }),
    random: Math.random,
    uuid: randomUUID,
  };
  const control = supervision.begin(parts);
  // A run that is paused, with nothing at work, waits for nothing but a request: that alone would not keep the program alive.
  const keptAlive = setInterval(() => undefined, longestTimerMs);
  const ignoreSignals = handleSignals(control, signalActions(display, lastResort, io));
  const desk = setUpDesk(directory, control);
  void Promise.all([desk, isWritten.promise]).then(([{ problem }]) => hasBegun(problem, wish, display));
  try {
    const { exitCode } = await control.done;
    const loss = await closeLog(log);
    await tidyOwnFolders(supervision.own, io);
    await closeNotifier(notifier, display);
    display.end();
    fold.add(unwritten.events);
    return await finish({ fold, directory }, { exitCode, loss }, wish, io);
  } finally {
    lastResort();
    clearInterval(keptAlive);
    ignoreSignals();
    process.off("exit", lastResort);
    (await desk).close();
    lock.release();
    reaper.done();
  }
}

/** On disk, and to be asked: whoever waits for that may go. */
function hasBegun(problem: string | undefined, { isDetached }: SuperviseWish, display: Display): void {
  if (problem !== undefined) {
    display.print(`warning: this run cannot be asked from another terminal: ${cleanLine(problem)}\n`);
  }
  if (isDetached === true) tellStarter();
}

function signalActions(display: Display, lastResort: () => void, io: Io): Parameters<typeof handleSignals>[1] {
  const hasTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  return {
    say: (text) => display.print(text),
    giveUp: (code) => {
      lastResort();
      io.talk.write("Ended at once: nothing was waited for, so the run has no last word\n");
      process.exit(code);
    },
    ...(hasTerminal ? { hungUp: () => display.end() } : {}),
  };
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

async function finish(
  { fold, directory }: { readonly fold: RunFold; readonly directory: string },
  { exitCode, loss }: RunEnd,
  wish: SuperviseWish,
  io: Io,
): Promise<number> {
  if (fold.state === undefined) throw new Error("the run ended without a first event");
  // Where its folder is now, wherever it was made.
  const state = { ...fold.state, directory };
  const finishWish: FinishWish = {
    json: wish.json,
    quiet: wish.quiet,
    isRecorded: loss === undefined,
    ...(wish.junit === undefined ? {} : { junit: wish.junit }),
    ...(wish.markdown === undefined ? {} : { markdown: wish.markdown }),
  };
  const uses = fold.uses(Date.now());
  const reported = await writeReports(state, uses, finishWish, io);
  printSummary(state, uses, finishWish, io);
  const tidied = applyRetention(state, Date.now());
  if (tidied !== undefined && !wish.quiet) io.talk.lines([line(tidied, "quiet")]);
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
