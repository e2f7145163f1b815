import type { ExitFacts, MachineFacts, ProcessIdentity } from "@claude-orchestrator/domain";

/** Starts processes and sees to it that they, and all they started, are gone when their attempt has ended. */
export interface ProcessHost {
  /**
   * Settles soon, when the next process may be started: a crowd's turns come one by one, so that this program hears and
   * answers between two starts. Absent: at once.
   */
  turn?(): Promise<void>;
  /** Never throws: a program that cannot be started ends with `exit.spawnError`. */
  start(spec: ProcessSpec, sink: OutputSink): RunningProcess;
  /**
   * Takes over a process that an earlier supervisor started and left, by its identity and its marker. Everything in its
   * spool, from the first byte on, has been handed to `sink` when the promise settles; what it prints later follows. A process
   * that is gone by then, or whose output can no longer be read whole, is ended with all it started: `ended` settles soon
   * after. Never rejects. How it ended is in `ended` only where that can be known, else `lost` is true there.
   */
  adopt(left: LeftProcess, sink: OutputSink): Promise<RunningProcess>;
  machine(): MachineFacts;
}

/** What the log tells of a process that an earlier supervisor had. */
export interface LeftProcess {
  /** Undefined where only the intent to start it is on disk: if it runs, it is found by its marker and ended. */
  readonly identity: ProcessIdentity | undefined;
  readonly marker: { readonly name: string; readonly value: string };
  readonly spool: { readonly stdout: string; readonly stderr: string };
  /** Removed after the end. */
  readonly privateDirectory: string;
  readonly maxLineBytes: number;
}

export interface ProcessSpec {
  /** argv[0] is the program's path. Never seen by a shell. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment of the process: nothing is added but the marker and TMPDIR. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed; without it standard input is empty from the start. */
  readonly stdin?: string;
  /** Found again in the environment of everything the process starts. */
  readonly marker: { readonly name: string; readonly value: string };
  /** Absolute paths; the process itself writes them, so nothing is lost while nobody reads. */
  readonly spool: { readonly stdout: string; readonly stderr: string };
  /** Made with mode 0700 before the start, removed after the end; TMPDIR of the process is `tmp` in it. */
  readonly privateDirectory: string;
  /** Written into `privateDirectory` before the start, by relative path, mode 0600. */
  readonly files: Readonly<Record<string, string>>;
  /** Made before the start where it is not there, and kept: what the agent remembers between attempts. */
  readonly configDirectory?: ConfigDirectory;
  /** Lines longer than this are handed on cut, with the number of bytes left out. */
  readonly maxLineBytes: number;
}

/** A folder that an agent keeps its settings and sessions in, instead of the person's own. */
export interface ConfigDirectory {
  /** Absolute. */
  readonly path: string;
  /** By name in it: what of the person's it has too, absolute; left out where that is not there. */
  readonly links: Readonly<Record<string, string>>;
  /** By name in it: texts that stand there where nothing does yet. */
  readonly files: Readonly<Record<string, string>>;
}

/** `droppedBytes` is 0 but for a line over the cap. Text is decoded leniently: a bad byte becomes U+FFFD. */
export interface OutputSink {
  stdoutLine(text: string, droppedBytes: number): void;
  stderrLine(text: string, droppedBytes: number): void;
}

export interface RunningProcess {
  /** Undefined where it could not be started. */
  readonly identity: ProcessIdentity | undefined;
  /** Climbs the ladder until the process has ended. Called again, the new ladder replaces what is left of the old one. */
  stop(ladder: readonly StopStep[]): void;
  /**
   * Never rejects. Settles when the process has exited, its output has been handed on to the last byte written by then,
   * and what it left behind has been swept; at most a few seconds after exit, whoever still holds a pipe.
   */
  readonly ended: Promise<ExitFacts>;
  /** True: it was adopted, and had ended by then. */
  readonly wasGone?: true;
}

/** One rung: send it to the agent's process (or its whole group), then wait this long for it to end. */
export interface StopStep {
  readonly signal: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGKILL";
  readonly to: "process" | "group";
  readonly waitMs: number;
}
