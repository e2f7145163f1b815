/** The engine's public door: start a run, stop it, wait for its end. Everything in between is in the log. */
import type { BudgetLimit, Plan, RunId, RunState, Wisher } from "@claude-orchestrator/domain";
import type {
  AgentAdapter,
  CheckRunner,
  Clock,
  EnvironmentSource,
  EventLog,
  ModelGateway,
  ProcessHost,
  SharedLedger,
  WorkspaceContext,
  Workspaces,
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
  /** As in the event `run-created`. */
  readonly replay?: string;
  /** ms since 1970; absent: at once. */
  readonly startAt?: number;
  /** Whose wish it is that the run begins, or goes on. */
  readonly by?: Wisher | undefined;
  /** By agent name: the program's words, found before anything starts. */
  readonly programs: ReadonlyMap<string, LocatedProgram>;
  /** What may be taken as text from an untrusted workspace, by instance folder (`cwd`). */
  readonly contexts: ReadonlyMap<string, WorkspaceContext>;
}

/** A run that is taken up again. `plan` is what its file says now, with the secrets that no log holds. */
export interface ResumeRequest extends Omit<RunRequest, "startAt" | "demo" | "replay"> {
  /** Folded from its log; not settled, but where `reopen` names instances. */
  readonly history: RunState;
  /** What of the log was missing or damaged, one sentence each. */
  readonly lost: readonly string[];
  /** True where `plan` differs from the one in the log, which a person has accepted. */
  readonly planChanged: boolean;
  /** Settled instances that are wanted again; what was skipped for their sake follows by itself. */
  readonly reopen: readonly string[];
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
  /** Absent where no instance has a folder of its own. */
  readonly workspaces?: Workspaces;
  /** Absent: agents speak to their models by themselves. */
  readonly gateway?: ModelGateway;
  /** What an attempt's processes are told beside all else, such as the trace they work in; the adapter's and the file's own win. */
  readonly environmentOf?: (instance: string, attempt: number) => Readonly<Record<string, string>>;
  /** Absent where no run of this person has had a budget over several runs yet. */
  readonly shared?: SharedLedger;
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
  stop(request: {
    readonly force: boolean;
    readonly signal?: "SIGINT" | "SIGTERM" | "SIGHUP";
    readonly by?: Wisher | undefined;
  }): void;
  /**
   * Stops one instance and no other; those that need it are skipped or run as their conditions say. `because` is why, where no
   * person asked for it: it then counts as failed.
   */
  stopInstance(
    name: string,
    request: { readonly force: boolean; readonly because?: string; readonly by?: Wisher | undefined },
  ): ControlAnswer;
  /** Nothing more starts; what runs goes on to its end. */
  pause(by?: Wisher): ControlAnswer;
  unpause(by?: Wisher): ControlAnswer;
  /**
   * Another amount for a limit of the plan, which keeps its enforcement, or one more limit. What waits for room is asked about
   * again; what crosses the new amount is stopped, or waits, as the limit says.
   */
  setBudget(limit: BudgetLimit, by?: Wisher): ControlAnswer;
  /** Settled instances wait anew, and what was skipped for their sake with them. "failed": all that did not succeed. */
  retry(names: readonly string[] | "failed", by?: Wisher): ControlAnswer;
  /**
   * Settles when the run's last event is on disk; after a stop, or with the log lost, as soon as it is appended, since the
   * disk may be what is in the way: whoever closes the log waits for it, not for ever, and hears what was not written.
   * Rejects only for a bug of ours.
   */
  readonly done: Promise<{ readonly exitCode: number }>;
}

/** What became of a request to a run, in a sentence for the person who made it. */
export type ControlAnswer =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly message: string };
