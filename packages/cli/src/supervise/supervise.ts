import { randomUUID } from "node:crypto";
import { isatty } from "node:tty";
import { agents } from "@claude-orchestrator/agents";
import { markerName } from "@claude-orchestrator/engine";
import type { EngineParts } from "@claude-orchestrator/engine";
import type { Clock } from "@claude-orchestrator/engine/ports";
import {
  createCheckRunner,
  createClock,
  createEnvironment,
  createProcessHost,
  createWorkspaces,
  endLeftProcesses,
  tellStarter,
} from "@claude-orchestrator/host";
import type { Gateway, GatewayOptions } from "@claude-orchestrator/gateway";
import type { LocalProcessHost } from "@claude-orchestrator/host";
import type { Io } from "../io/channel.ts";
import { containmentWish } from "../run/containment.ts";
import { createDisplay } from "../run/display.ts";
import type { Display } from "../run/display.ts";
import { closeNotifier, notifyOf } from "../run/notifications.ts";
import { tidyOwnFolders } from "../run/ownFolders.ts";
import { RunFold } from "../run/runFold.ts";
import { handleSignals } from "../run/signals.ts";
import { UnwrittenEvents } from "../run/unwrittenEvents.ts";
import { closeTelemetry, followLog } from "../telemetry/followLog.ts";
import type { RunTelemetry } from "../telemetry/runTelemetry.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import { setUpDesk } from "./desk.ts";
import { closeLog, finishSupervision } from "./finishSupervision.ts";
import { governDisk } from "./governDisk.ts";
import { tellTrouble } from "./logTrouble.ts";
import { startRunReaper } from "./reapRun.ts";
import type { Supervision, SuperviseWish } from "./supervision.ts";

const longestTimerMs = 2 ** 31 - 1;

/**
 * Supervises a run to its last event and its reports; gives the exit code.
 *
 * 1. It holds the run's lock from before the first event until after the last report, and says in the run's folder who it is.
 * 2. What is shown is what the log has on disk; the summary of a run that could not be written to its end says so.
 * 3. However this ends, the screen is given back and no process of the run is left.
 * 4. A terminal that is closed takes the view away and nothing else.
 */
export async function supervise(supervision: Supervision, wish: SuperviseWish, io: Io): Promise<number> {
  const { id, directory, log, history, lock } = supervision;
  const clock = createClock();
  if (history.length > 0) await endLeftKeepers(supervision);
  const host = createProcessHost({ clock, containment: containmentWish(io.env), markerName: markerName(id) });
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
  const telemetry = await followLog(supervision, log, fold);
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
  const stop = (name: string, because: string): void => void control.stopInstance(name, { force: false, because });
  const gateway = await openGateway(supervision.gateway, { directory, stop });
  const governor = governDisk(supervision, fold, io, stop);
  const machine = { host, clock, gateway, telemetry, log: governor.governed(unwritten.log) };
  const control = supervision.begin(partsOf(supervision, machine, io));
  governor.begin();
  // A run that is paused, with nothing at work, waits for nothing but a request: that alone would not keep the program alive.
  const keptAlive = setInterval(() => undefined, longestTimerMs);
  const ignoreSignals = handleSignals(control, signalActions(display, lastResort, io));
  const desk = setUpDesk(directory, control, log);
  void Promise.all([desk, isWritten.promise]).then(([{ problem }]) => hasBegun(problem, wish, display));
  try {
    const { exitCode } = await control.done;
    governor.close();
    const loss = await closeLog(log);
    await tidyOwnFolders(supervision.own, io);
    await Promise.all([closeNotifier(notifier, display), closeTelemetry(telemetry, display, io)]);
    display.end();
    fold.add(unwritten.events);
    return await finishSupervision({ fold, directory }, { exitCode, loss }, wish, io);
  } finally {
    lastResort();
    governor.close();
    await gateway?.close();
    supervision.shared?.close();
    clearInterval(keptAlive);
    ignoreSignals();
    process.off("exit", lastResort);
    (await desk).close();
    lock.release();
    reaper.done();
  }
}

/** What kept namespaces of an earlier supervisor, killed before they were ready: no attempt answers for it. */
async function endLeftKeepers({ id, history }: Supervision): Promise<void> {
  await endLeftProcesses({ markerName: markerName(id), since: history[0]?.at ?? 0, only: "keepers" });
}

interface MachineParts {
  readonly host: LocalProcessHost;
  readonly clock: Clock;
  readonly gateway: Gateway | undefined;
  readonly telemetry: RunTelemetry | undefined;
  readonly log: EngineParts["log"];
}

function partsOf(
  { own, shared }: Supervision,
  { host, clock, gateway, telemetry, log }: MachineParts,
  io: Io,
): EngineParts {
  return {
    clock,
    processes: host,
    log,
    ...(gateway === undefined ? {} : { gateway }),
    ...(telemetry === undefined ? {} : { environmentOf: telemetry.environmentOf }),
    ...(shared === undefined ? {} : { shared }),
    agents: new Map(agents.map((agent) => [agent.name, agent])),
    checks: createCheckRunner({ host, clock }),
    environment: createEnvironment(io.env),
    workspaces: createWorkspaces({ ...own, host, clock }),
    random: Math.random,
    uuid: randomUUID,
  };
}

async function openGateway(
  options: GatewayOptions | undefined,
  cassetteRoom: GatewayOptions["cassetteRoom"],
): Promise<Gateway | undefined> {
  if (options === undefined) return undefined;
  // Apart: most runs have none.
  const { startGateway } = await import("@claude-orchestrator/gateway");
  return startGateway(cassetteRoom === undefined ? options : { ...options, cassetteRoom });
}

/** On disk, and to be asked: whoever waits for that may go. */
function hasBegun(problem: string | undefined, { isDetached }: SuperviseWish, display: Display): void {
  if (problem !== undefined) {
    display.print(`warning: this run cannot be asked from another terminal: ${cleanLine(problem)}\n`);
  }
  if (isDetached === true) tellStarter();
}

function signalActions(display: Display, lastResort: () => void, io: Io): Parameters<typeof handleSignals>[1] {
  const outlivesTerminal = process.platform !== "win32" && [0, 1, 2].some((descriptor) => isatty(descriptor));
  return {
    say: (text) => display.print(text),
    giveUp: (code) => {
      lastResort();
      io.talk.write("Ended at once: nothing was waited for, so the run has no last word\n");
      process.exit(code);
    },
    ...(outlivesTerminal ? { hungUp: () => display.end() } : {}),
  };
}
