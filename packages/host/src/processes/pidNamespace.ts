/**
 * A PID namespace for one attempt (Linux): a room that no process leaves, and that the kernel empties at once when its first
 * process ends. See decision 0006.
 *
 *     we ──┬── bwrap ─── its init (process 1 of the namespace: reaps orphans) ─── a keeper that waits
 *          └── nsenter, our child, leads a session ─── the program: a session of its own, in the namespace
 *
 * 1. The program's end is not the namespace's: what it leaves behind may finish writing, is asked to end, and only then killed.
 * 2. nsenter waits for the program and ends as it did, by the same code or signal. Polite signals go to the program itself.
 * 3. Our own end, however it comes, is the namespace's: --die-with-parent, and the keeper's input ends with us.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync, readlinkSync, readSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { ProcessIdentity } from "@claude-orchestrator/domain";
import type { StopStep } from "@claude-orchestrator/engine/ports";
import { sendSignal, type Platform } from "../platform/platform.ts";
import { parseStat } from "../platform/procFiles.ts";
import type { NamespaceTools } from "./namespaceTools.ts";

/** One that is not ready by then will not be. */
const readyMs = 3_000;
const pollMs = 0.5;
/** Emptying is the kernel's work; a process stuck in it (a dead network disk) keeps the namespace for longer. */
const emptyMs = 5_000;

export interface PidNamespace {
  /** As the process table names it; undefined once it has ended, for the kernel gives that name to the next one at once. */
  readonly id: string | undefined;
  /** The processes that keep it: no part of any attempt. */
  readonly keepers: ReadonlySet<number>;
  /** The words before a program's own that start it in here, in this folder. */
  enter(cwd: string): readonly string[];
  /** Sends to the program that `entrant` (our child, which waits for it) brought in, or to its group. */
  signal(entrant: ProcessIdentity, signal: StopStep["signal"], to: StopStep["to"]): void;
  /** To be called now and then: nsenter stops itself where the program was stopped, and does not notice that it goes on. */
  wake(entrant: ProcessIdentity): void;
  /** Kills whoever is in it; settles when nobody is. */
  end(): Promise<void>;
  /** The same without waiting. */
  endNow(): void;
}

export interface NamespaceProblem {
  /** Why there is none, in the words of whoever refused it. */
  readonly problem: string;
}

export interface NamespacePlace {
  /** Gets a file for a moment. */
  readonly directory: string;
  readonly mark: KeeperMark | undefined;
}

/** The variable that the environment of everything a run starts has; the value of those that keep its namespaces. */
export interface KeeperMark {
  readonly name: string;
}

export const keeperMarkValue = "namespace";

/** One that is on its way. */
export interface NamespaceOpening {
  /** Waits, blocking, until it is ready. Undefined where it was, and has been ended by somebody since. */
  complete(): PidNamespace | NamespaceProblem | undefined;
  /** Ends it instead: nobody will be in it. */
  abandon(): void;
}

/**
 * Begins to make one, which takes 5 to 10 ms and longer on a busy machine.
 *
 * @throws the error of the file system (EMFILE, ENOSPC …)
 */
export function beginPidNamespace(
  tools: NamespaceTools,
  platform: Platform,
  { directory, mark }: NamespacePlace,
): NamespaceOpening {
  const path = join(directory, `namespace-${randomUUID()}`);
  const status = openSync(path, "wx+", 0o600);
  try {
    unlinkSync(path);
    const bwrap = startKeeper(tools, mark, status);
    return {
      complete: () => complete(tools, platform, { bwrap, status }),
      abandon: () => {
        endKeeper(bwrap);
        closeSync(status);
      },
    };
  } catch (error) {
    closeSync(status);
    throw error;
  }
}

function complete(
  tools: NamespaceTools,
  platform: Platform,
  { bwrap, status }: { readonly bwrap: ChildProcess; readonly status: number },
): PidNamespace | NamespaceProblem | undefined {
  try {
    const init = awaitInit(bwrap, platform, status);
    if (typeof init === "number" && childrenOf(init).length > 0) return namespaceOf(tools, platform, { bwrap, init });
    endKeeper(bwrap);
    return typeof init === "number" ? undefined : init;
  } catch (error) {
    endKeeper(bwrap);
    throw error;
  } finally {
    closeSync(status);
  }
}

/**
 * With its group: a bwrap that is killed before it is ready leaves its child waiting for a word for ever. (Not by Node's
 * `kill`: a process that could not be started for want of descriptors has the number 0 there, that of our own group.)
 */
function endKeeper({ pid }: ChildProcess): void {
  if (pid !== undefined) sendSignal(-pid, "SIGKILL");
}

/** The last words of it say that all is mounted. Root mounts /proc by itself, for bwrap would make parts of it read-only. */
const keeperScript = '[ -z "$1" ] || "$1" -t proc proc /proc || exit; echo ready >&4; exec "$2" 4>&-';

/** @param mark by it what keeps a namespace is found where we are killed before it is ready: its own ties do not hold yet */
function startKeeper(
  { bwrap, sh, cat, mount, isRoot }: NamespaceTools,
  mark: KeeperMark | undefined,
  status: number,
): ChildProcess {
  const mounts = isRoot ? ["--cap-add", "ALL"] : ["--proc", "/proc"];
  const waits = [sh, "-c", keeperScript, "sh", isRoot ? mount : "", cat];
  const ends = ["--unshare-pid", "--die-with-parent", "--json-status-fd", "3"];
  const words = ["--dev-bind", "/", "/", ...mounts, ...ends, "--", ...waits];
  const child = spawn(bwrap, words, {
    cwd: "/",
    env: mark === undefined ? {} : { [mark.name]: keeperMarkValue },
    stdio: ["pipe", "ignore", status, status, status],
    detached: true,
  });
  // That it could not be started shows in `pid`; that its input broke, in its exit.
  child.on("error", () => undefined);
  child.stdin?.on("error", () => undefined);
  child.unref();
  return child;
}

/** The process number of the namespace's first process, once all is ready. */
function awaitInit({ pid }: ChildProcess, platform: Platform, status: number): number | NamespaceProblem {
  if (pid === undefined) return { problem: "bwrap cannot be started" };
  const identity = { pid, startTime: platform.startTime(pid) ?? "0", bootId: platform.bootId };
  const nap = new Int32Array(new SharedArrayBuffer(4));
  const buffer = Buffer.alloc(4096);
  for (const until = performance.now() + readyMs; ; Atomics.wait(nap, 0, 0, pollMs)) {
    // Looked at first: what it wrote before its end is then there.
    const isOver = !platform.isAlive(identity) || performance.now() > until;
    const text = buffer.toString("utf8", 0, readSync(status, buffer, 0, buffer.length, 0));
    const [, init] = /"child-pid": (\d+)[^]*\nready\n/.exec(text) ?? [];
    if (init !== undefined) return Number(init);
    if (isOver) return { problem: /^(?:bwrap|mount): .*/m.exec(text)?.[0] ?? "bwrap gave no answer" };
  }
}

function namespaceOf(
  { nsenter, env, setsid, isRoot }: NamespaceTools,
  platform: Platform,
  { bwrap, init }: { readonly bwrap: ChildProcess; readonly init: number },
): PidNamespace {
  const first = { pid: init, startTime: platform.startTime(init) ?? "0", bootId: platform.bootId };
  const user = isRoot ? [] : ["-U", "--preserve-credentials"];
  const isOver = new Promise<void>((resolve) => {
    if (bwrap.exitCode !== null || bwrap.signalCode !== null) resolve();
    else bwrap.once("exit", () => resolve());
  });
  const endNow = (): void => {
    platform.signal(first, "SIGKILL", "process");
    bwrap.stdin?.destroy();
  };
  const id = readlinkSync(`/proc/${init}/ns/pid`);
  return {
    get id() {
      return platform.isAlive(first) ? id : undefined;
    },
    keepers: new Set([init, ...childrenOf(init)]),
    enter: (cwd) => [nsenter, "-t", String(init), ...user, "-m", "-p", "--", env, "-C", cwd, setsid],
    signal: (entrant, signal, to) => signalProgram(platform, entrant, signal, to),
    wake: (entrant) => {
      if (!isStopped(entrant.pid)) return;
      const [program = 0] = childrenOf(entrant.pid);
      if (!isStopped(program)) platform.signal(entrant, "SIGCONT", "process");
    },
    end: async () => {
      bwrap.ref();
      endNow();
      await Promise.race([isOver, patience(emptyMs)]);
    },
    endNow,
  };
}

function signalProgram(
  platform: Platform,
  entrant: ProcessIdentity,
  signal: StopStep["signal"],
  to: StopStep["to"],
): void {
  if (!platform.isAlive(entrant)) return;
  const [program] = childrenOf(entrant.pid);
  // Not there yet: then nothing of it has begun.
  if (program === undefined) platform.signal(entrant, signal, "process");
  // Its group is its own a moment after its start.
  else if (to === "process" || !sendSignal(-program, signal)) sendSignal(program, signal);
  // It stops itself where the program was stopped, and would not see its end then.
  platform.signal(entrant, "SIGCONT", "process");
}

/** As it is our child's (or our keeper's), its number stays its own until its parent has taken note of its end. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    // It has ended.
    return [];
  }
}

function isStopped(pid: number): boolean {
  try {
    return /^[Tt]$/.test(parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"))?.state ?? "");
  } catch {
    return false;
  }
}

function patience(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
