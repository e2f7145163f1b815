/**
 * The life of one process.
 *
 *     launch ── fails ──▶ ended {spawnError}
 *        │
 *     running ── exit ──▶ drained ──▶ [someone left? grace ──▶ swept] ──▶ drained ──▶ closed, removed ──▶ ended
 *
 * Kept here: (5) every process of the attempt is gone when `ended` settles; nothing alive is taken for dead, because only
 * the exit of the process ends it, never the end of a stream.
 */
import type { ChildProcess } from "node:child_process";
import type { ExitFacts, ProcessIdentity } from "@claude-orchestrator/domain";
import type { Clock, OutputSink, ProcessSpec, RunningProcess } from "@claude-orchestrator/engine/ports";
import type { Platform } from "../platform/platform.ts";
import type { Family } from "./family.ts";
import { launch, type Launched } from "./launch.ts";
import type { OutputPump } from "./outputPump.ts";
import { removePrivateDirectory } from "./privateDirectory.ts";
import { createStopLadder } from "./stopLadder.ts";
import type { Sweeper } from "./sweeper.ts";

/** What was left behind may go on writing for so long, and is ended sooner where two looks find nothing new. */
const graceMs = 100;
const graceStepMs = 20;
/** A folder that takes longer to remove goes on being removed after the end has been told. */
const removalMs = 1_500;

export interface Machinery {
  readonly clock: Clock;
  readonly platform: Platform;
  readonly pump: OutputPump;
  readonly sweeper: Sweeper;
}

/** Starts a process; never throws for anything the system says. */
export function startProcess(machinery: Machinery, spec: ProcessSpec, sink: OutputSink): RunningProcess {
  let launched: Launched;
  try {
    launched = launch(spec, sink);
  } catch (error) {
    return neverStarted(spec, Promise.resolve(codeOf(error)));
  }
  const { child, stdout, stderr } = launched;
  if (child.pid === undefined) {
    stdout.close();
    stderr.close();
    return neverStarted(spec, new Promise((resolve) => child.once("error", (error) => resolve(codeOf(error)))));
  }
  return supervise(machinery, spec, launched, child.pid);
}

function neverStarted(spec: ProcessSpec, code: Promise<string>): RunningProcess {
  const end = async (): Promise<ExitFacts> => {
    const spawnError = await code;
    await removePrivateDirectory(spec.privateDirectory);
    return { spawnError, swept: 0 };
  };
  return { identity: undefined, stop: () => {}, ended: end() };
}

function supervise(machinery: Machinery, spec: ProcessSpec, launched: Launched, pid: number): RunningProcess {
  const { clock, platform, pump, sweeper } = machinery;
  const { child } = launched;
  // Not reaped before our event loop turns, so its start time can be read even where it has ended already.
  const identity: ProcessIdentity = { pid, startTime: platform.startTime(pid) ?? "0", bootId: platform.bootId };
  const family: Family = { root: identity, marker: `${spec.marker.name}=${spec.marker.value}`, known: new Set() };
  const unfollow = [pump.follow(launched.stdout), pump.follow(launched.stderr)];
  const ladder = createStopLadder({ clock, send: (signal, to) => void platform.signal(identity, signal, to) });
  sweeper.register(family);

  const ended = exitOf(child).then(async (exit): Promise<ExitFacts> => {
    ladder.release();
    for (const stop of unfollow) stop();
    const swept = await settle(machinery, family, launched);
    sweeper.unregister(family);
    await atMost(removalMs, clock, removePrivateDirectory(spec.privateDirectory));
    return { ...exit, swept };
  });

  return {
    identity,
    ended,
    stop: (steps) => {
      // First a look at who descends from it: once it is gone, that can no longer be seen.
      void sweeper.look(family).then(() => ladder.climb(steps));
    },
  };
}

/** Hands on the rest of the output and ends whoever is left; answers how many those were. */
async function settle({ clock, pump, sweeper }: Machinery, family: Family, launched: Launched): Promise<number> {
  const tails = [launched.stdout, launched.stderr];
  await pump.drain(tails);
  let swept = 0;
  if ((await sweeper.findLeft(family)).length > 0) {
    for (let quiet = 0, waited = 0; quiet < 2 && waited < graceMs; waited += graceStepMs) {
      await pause(graceStepMs, clock);
      quiet = (await pump.drain(tails)) === 0 ? quiet + 1 : 0;
    }
    swept = await sweeper.sweep(family);
    await pump.drain(tails);
  }
  for (const tail of tails) tail.close();
  return swept;
}

function exitOf(child: ChildProcess): Promise<{ readonly code: number } | { readonly signal: string }> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(code === null ? { signal: signal ?? "unknown" } : { code }));
  });
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.message : String(error);
}

function pause(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

/** Settles with `work`, or without it after `ms`. */
function atMost(ms: number, clock: Clock, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, resolve);
    work.then(resolve, reject).finally(cancel);
  });
}
