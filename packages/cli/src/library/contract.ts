import type {
  JsonObject,
  LoggedEvent,
  Plan,
  RunOutcome,
  UserErrorCode,
  Verdict,
  Verification,
} from "@claude-orchestrator/domain";

/** A YAML or JSON file by its path, or an object that holds what stands in such a file. */
export type Source = string | Readonly<Record<string, unknown>>;

/** What is the caller's, or instead of what the file says. Each means what the flag of the same name means. */
export interface PlanOptions {
  /** Paths are relative to it. Default: the working directory of the process. */
  readonly cwd?: string;
  /** Where keys, HOME and PATH are read. Default: `process.env`. Agents get of it what the file lets them have. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder agents work in. */
  readonly workspace?: string;
  /** Where runs are kept. Default: `.orchestrator/runs` in `cwd`. */
  readonly runsFolder?: string;
  readonly name?: string;
  /** Only these instances, and what they need. */
  readonly only?: readonly string[];
  readonly variables?: Readonly<Record<string, string | number | boolean>>;
  /** At most so many instances at once. */
  readonly concurrency?: number;
  readonly budgetUsd?: number;
  readonly budgetTokens?: number;
  readonly model?: string;
  /** Longest time of one attempt, such as `15m`. */
  readonly timeout?: string;
  /** Whether agents ask their models through the gateway, which holds budgets before money is spent. */
  readonly gateway?: boolean;
  /** Programs of agents, by the agent's name. */
  readonly agentPaths?: Readonly<Record<string, string>>;
  /** A cassette's folder: agents are answered from it, nothing is spent. */
  readonly replay?: string;
  /** Load the workspace's own agent settings, hooks and MCP servers: they can run any program. */
  readonly trustWorkspace?: boolean;
}

export interface RunOptions extends PlanOptions {
  /** Begin later: `2h`, `14:30`, or an ISO date. */
  readonly startAt?: string;
  /** Stops the run when it is aborted. */
  readonly signal?: AbortSignal;
}

export interface PlanResult {
  /** True: `run` with the same words starts. */
  readonly ok: boolean;
  /** Absent where the file itself has problems. Without the values of secrets. */
  readonly plan?: Plan;
  /** Everything that is wrong, in the file's order, then what this machine lacks. */
  readonly problems: readonly PlanProblem[];
}

export interface PlanProblem {
  readonly code: UserErrorCode;
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to do, one sentence. */
  readonly hint?: string;
  /** From 1; absent for what is not wrong in the file. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

export interface StopOptions {
  /** True: agents are killed at once instead of asked first. */
  readonly force?: boolean;
}

/**
 * A run at work. Iterating tells every event from the first on, as the log has it on disk, and ends with the run; it can be iterated
 * again, and by several at once. Both this and `result` fail with a `UserError` where the run was interrupted (its own process was
 * killed): `claude-orchestrator resume` goes on with it.
 *
 * `await using` stops the run, where it has not ended, as its block is left.
 */
export interface RunHandle extends AsyncIterable<LoggedEvent>, AsyncDisposable {
  /** As `claude-orchestrator show` and `attach` take it. */
  readonly id: string;
  /** Where its log, its output and its reports are. */
  readonly directory: string;
  /** How it ended. Never an unhandled rejection: whoever does not look is not told. */
  readonly result: Promise<RunResult>;
  /** Asks it to stop, and settles once it has ended. A run that has ended already stays as it is. */
  stop(options?: StopOptions): Promise<RunResult>;
}

export interface RunResult {
  readonly id: string;
  readonly outcome: RunOutcome;
  /** What `claude-orchestrator run` would have ended with. */
  readonly exitCode: number;
  readonly durationMs: number;
  /** All kinds together. */
  readonly tokens: number;
  /** Undefined where some model's price is not known. */
  readonly costUsd: number | undefined;
  readonly instances: readonly InstanceResult[];
  /** The whole of the run's `result.json`, by its published schema (`claude-orchestrator schema --result`). */
  readonly document: JsonObject;
}

export interface InstanceResult {
  readonly name: string;
  readonly verdict: Verdict;
  /** Whether checks of the file have proved or refuted it. */
  readonly verification: Verification;
  /** Why, one sentence; may be empty for what succeeded. */
  readonly reason: string;
  /** The agent's last words, or what a program printed. */
  readonly result: string | undefined;
}
