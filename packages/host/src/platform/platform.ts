import type { ProcessIdentity } from "@claude-orchestrator/domain";

/** One line of the machine's process table. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** Process group and session; 0 where the machine has none. */
  readonly group: number;
  readonly session: number;
  /** In the kernel's own unit; with the pid it names a process for ever. As a number it orders processes by age. */
  readonly startTime: string;
  /** Dead already, waiting for its parent to take note. */
  readonly zombie: boolean;
  /** `NAME=value` for each asked-for name in its environment; empty where that cannot be read. */
  readonly markers: readonly string[];
  /** The PID namespace it is in, by a name that is its own while it lives; only where asked for and where that can be seen. */
  readonly namespace?: string;
}

/** What can be seen of a process beside its number and start time: evidence of whose it is. */
export interface Evidence {
  /** `NAME=value` of the asked-for name, where its environment has it. */
  readonly marker: string | undefined;
  /** The files behind its standard output and error, named by `fileKey`; undefined where that cannot be seen. */
  readonly stdout: string | undefined;
  readonly stderr: string | undefined;
}

export interface ProcessListing {
  readonly rows: readonly ProcessRow[];
  /** While the list was made, processes ended and others began: it may lack what the former had just started. */
  readonly incomplete: boolean;
}

export interface ListingQuery {
  /** Names of the marker variables to look for. */
  readonly markerNames: readonly string[];
  /** Processes older than this need not be listed. */
  readonly notBefore: number;
  /** Tell the namespace of each, too. */
  readonly namespaces?: boolean;
}

/** Everything that differs between operating systems about processes. */
export interface Platform {
  /** What is promised here about processes left behind, in a sentence or two for a person. */
  readonly containment: string;
  /** Changes with each boot, so that an identity kept on disk is not believed after it. */
  readonly bootId: string;
  /** The start time of the process that has this pid now; undefined where there is none. */
  startTime(pid: number): string | undefined;
  /** The start time, in the unit of `startTime`, of a process that began at this wall-clock time (ms since 1970). */
  startTimeAt(wallMs: number): number;
  /** Whether this very process runs: one that is dead and not yet taken note of does not. */
  isAlive(identity: ProcessIdentity): boolean;
  /** How often `isAlive` may be asked, in ms: on some systems each answer takes a program. */
  readonly watchMs: number;
  /** A look at one process. Empty where it is gone or not ours to look at. */
  examine(pid: number, markerName: string): Evidence;
  /** Linux answers at once; the others ask a program. */
  list(query: ListingQuery): ProcessListing | Promise<ProcessListing>;
  /**
   * Looks at the newest processes only, over and over for `ms`, and stops (SIGSTOP) those that carry one of `markers`: the
   * way to get hold of a program that lives for a millisecond and starts itself again. Blocks meanwhile.
   */
  catchNewest?(markers: readonly string[], ms: number): readonly ProcessRow[];
  /** Sends a signal to exactly this process, or the group it leads; false where it is gone (or is another one by now). */
  signal(target: ProcessIdentity | ProcessRow, signal: NodeJS.Signals, to: "process" | "group"): boolean;
}

/** One name for one file, whatever its paths. */
export function fileKey({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev}:${ino}`;
}

/**
 * process.kill that says whether there was anything to signal, where others throw. The numbers that mean our own group (0),
 * everybody (-1) and the machine's first process are nobody's: whoever has one of them for a target knows no target.
 */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  if (Math.abs(pid) <= 1) return false;
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    // ESRCH: gone meanwhile, which is what was wanted. EPERM: it belongs to someone else now.
    return false;
  }
}
