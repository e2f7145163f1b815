/**
 * The life of a process we start ourselves; from its start to its end it is that of `supervise.ts`.
 *
 *     launch ── fails ──▶ ended {spawnError}
 *        │
 *     running ──▶ supervised ──▶ ended {code | signal}
 */
import type { ChildProcess } from "node:child_process";
import type { ExitFacts, ProcessIdentity } from "@claude-orchestrator/domain";
import type { Clock, OutputSink, ProcessSpec, RunningProcess } from "@claude-orchestrator/engine/ports";
import type { Family } from "./family.ts";
import { launch, type Launched } from "./launch.ts";
import { removePrivateDirectory } from "./privateDirectory.ts";
import { supervise, type Machinery } from "./supervise.ts";

/** A program that was stopped and goes on may be over for so long before that is noticed. */
const wakeMs = 1000;

/** Starts a process; never throws for anything the system says. */
export function startProcess(machinery: Machinery, spec: ProcessSpec, sink: OutputSink): RunningProcess {
  let launched: Launched;
  try {
    launched = launch(spec, sink, machinery.containment);
  } catch (error) {
    return neverStarted(spec, Promise.resolve(codeOf(error)));
  }
  const { child, stdout, stderr, namespace } = launched;
  if (child.pid === undefined) {
    stdout.close();
    stderr.close();
    namespace?.endNow();
    return neverStarted(spec, new Promise((resolve) => child.once("error", (error) => resolve(codeOf(error)))));
  }
  return superviseChild(machinery, spec, launched, child.pid);
}

function neverStarted(spec: ProcessSpec, code: Promise<string>): RunningProcess {
  const end = async (): Promise<ExitFacts> => {
    const spawnError = await code;
    await removePrivateDirectory(spec.privateDirectory);
    return { spawnError, swept: 0 };
  };
  return { identity: undefined, stop: () => {}, ended: end() };
}

function superviseChild(machinery: Machinery, spec: ProcessSpec, launched: Launched, pid: number): RunningProcess {
  const { platform } = machinery;
  // Not reaped before our event loop turns, so its start time can be read even where it has ended already.
  const identity: ProcessIdentity = { pid, startTime: platform.startTime(pid) ?? "0", bootId: platform.bootId };
  const marker = `${spec.marker.name}=${spec.marker.value}`;
  const { namespace } = launched;
  const family: Family = {
    root: identity,
    rootWatched: true,
    marker,
    known: new Set(),
    ...(namespace === undefined ? {} : { namespace }),
  };
  const exit = exitOf(launched.child);
  if (namespace !== undefined) void exit.then(every(wakeMs, machinery.clock, () => namespace.wake(identity)));
  return supervise(machinery, {
    identity,
    family,
    tails: [launched.stdout, launched.stderr],
    privateDirectory: spec.privateDirectory,
    exit,
    signal: (signal, to) => {
      if (namespace === undefined) platform.signal(identity, signal, to);
      else namespace.signal(identity, signal, to);
    },
  });
}

function exitOf(child: ChildProcess): Promise<{ readonly code: number } | { readonly signal: string }> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(code === null ? { signal: signal ?? "unknown" } : { code }));
  });
}

/** The answer ends it. */
function every(ms: number, clock: Clock, action: () => void): () => void {
  let cancel: () => void;
  const arm = (): void => {
    cancel = clock.after(ms, () => {
      action();
      arm();
    });
  };
  arm();
  return () => cancel();
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.message : String(error);
}
