/** The engine's public door: start a run, stop it, wait for its end. Everything in between is in the log. */
import type { Plan, RunId } from "@claude-orchestrator/domain";
import type {
  AgentAdapter,
  CheckRunner,
  Clock,
  EnvironmentSource,
  EventLog,
  ProcessHost,
  WorkspaceContext,
} from "./ports.ts";

export interface RunRequest {
  readonly id: RunId;
  readonly plan: Plan;
  /** Of this program. */
  readonly version: string;
  /** The file as given, absent for a run of bare prompts. */
  readonly source?: string;
  /** Absolute; attempts' files go under it. */
  readonly directory: string;
  readonly demo?: string;
  /** ms since 1970; absent: at once. */
  readonly startAt?: number;
  /** By agent name: the program's words, found before anything starts. */
  readonly programs: ReadonlyMap<string, LocatedProgram>;
  /** What may be taken as text from an untrusted workspace, by instance folder (`cwd`). */
  readonly contexts: ReadonlyMap<string, WorkspaceContext>;
}

export interface LocatedProgram {
  /** Path of the program and words before its arguments. */
  readonly words: readonly string[];
  readonly version?: string;
}

export interface EngineParts {
  readonly clock: Clock;
  readonly processes: ProcessHost;
  readonly log: EventLog;
  readonly agents: ReadonlyMap<string, AgentAdapter>;
  readonly checks: CheckRunner;
  readonly environment: EnvironmentSource;
  /** In [0, 1). */
  readonly random: () => number;
  /** A random UUID in its usual text form. */
  readonly uuid: () => string;
}

export interface RunControl {
  /**
   * Stops every instance and settles the run. `force` skips the polite rungs; asked again with force it hurries what is
   * still being stopped. A log that cannot be written is not waited for. Safe to call at any time, also after the end.
   */
  stop(request: { readonly force: boolean; readonly signal?: "SIGINT" | "SIGTERM" | "SIGHUP" }): void;
  /**
   * Settles when the run's last event is on disk; after a stop, or with the log lost, as soon as it is appended, since the
   * disk may be what is in the way: whoever closes the log waits for it, not for ever, and hears what was not written.
   * Rejects only for a bug of ours.
   */
  readonly done: Promise<{ readonly exitCode: number }>;
}
