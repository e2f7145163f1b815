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
}

/** Everything that differs between operating systems about processes. */
export interface Platform {
  /** What is promised here about processes left behind, in a sentence or two for a person. */
  readonly containment: string;
  /** Changes with each boot, so that an identity kept on disk is not believed after it. */
  readonly bootId: string;
  /** The start time of the process that has this pid now; undefined where there is none. */
  startTime(pid: number): string | undefined;
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

/** process.kill that says whether there was anything to signal, where others throw. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    // ESRCH: gone meanwhile, which is what was wanted. EPERM: it belongs to someone else now.
    return false;
  }
}
