import type { AgentFailure } from "./agentEvent.ts";
import type { RunId } from "./ids.ts";
import type { JsonValue } from "./json.ts";
import type { RequestAmount, RequestOutcome } from "./modelRequest.ts";
import type { BreakerName, BudgetLimit, BudgetScope, Plan } from "./plan.ts";
import type { TokenUsage } from "./usage.ts";
import type { Verdict, Verification } from "./verdict.ts";
import type { Wisher } from "./wishes.ts";

/**
 * Everything that can be a fact of a run. The log holds these and nothing else; every reader folds them.
 * Adding a member is a compile error in each fold until it is handled there.
 */
export type RunEvent =
  /** First event of every log: what was asked, by which program, on which machine. */
  | {
      readonly type: "run-created";
      readonly id: RunId;
      readonly plan: Plan;
      readonly version: string;
      /** The file as given, or undefined for a run of one prompt. */
      readonly source?: string;
      /** Where raw output and results are kept. */
      readonly directory: string;
      readonly machine: MachineFacts;
      /** Set where the model is a stand-in: what to tell the person. */
      readonly demo?: string;
      /** Set where the models' answers are those of a recording, in this folder: nothing was spent. */
      readonly replay?: string;
      readonly by?: Wisher;
    }
  /** The run waits for its start time, ms since 1970. */
  | { readonly type: "run-scheduled"; readonly until: number }
  | { readonly type: "run-started" }
  /**
   * Another supervisor took the run up, after the one before it was gone. Attempts in flight are adopted or ended next.
   * A run that was being stopped goes on.
   */
  | {
      readonly type: "run-resumed";
      readonly version: string;
      readonly machine: MachineFacts;
      /** What of the log was missing or damaged by then, one sentence each. */
      readonly lost: readonly string[];
      /** Who wished that; absent where `run-reopened` has told it. */
      readonly by?: Wisher;
    }
  /** A person accepted that the file (or what the command line adds to it) is no longer what it was. */
  | { readonly type: "plan-changed"; readonly plan: Plan; readonly source?: string; readonly by?: Wisher }
  /** New starts wait; what runs goes on. The first cause counts until the run is unpaused. */
  | { readonly type: "run-paused"; readonly cause: PauseCause; readonly by?: Wisher }
  | { readonly type: "run-unpaused"; readonly by?: Wisher }
  /**
   * Settled instances wait anew, their attempts kept, since a person asked for them again (`retry`, `resume` of a stopped
   * run). A settled run goes on by it: the only event that may follow `run-settled`.
   */
  | { readonly type: "run-reopened"; readonly instances: readonly string[]; readonly by?: Wisher }
  /** A new attempt is on its way; recorded before the process is spawned, so every process has its intent on disk. */
  | {
      readonly type: "attempt-planned";
      readonly instance: string;
      readonly attempt: number;
      readonly agent: string;
      readonly argv: readonly string[];
      /** Names only: values may be secret. */
      readonly envNames: readonly string[];
      readonly cwd: string;
      /** Relative to the run's directory. */
      readonly files: { readonly stdout: string; readonly stderr: string };
      /** The value of the marker variable in the environment of this attempt's processes. */
      readonly marker: string;
      readonly model?: string;
      /** Set where its requests to the model go through the gateway: its address, and SHA-256 of the attempt's token, in hex. */
      readonly gateway?: { readonly url: string; readonly tokenHash: string };
    }
  | {
      readonly type: "attempt-started";
      readonly instance: string;
      readonly attempt: number;
      readonly process: ProcessIdentity;
    }
  /**
   * A later supervisor took this attempt over: the process still ran, or its output could still be read. Its counters are
   * read anew from the whole output, so the totals that follow replace those before.
   */
  | {
      readonly type: "attempt-adopted";
      readonly instance: string;
      readonly attempt: number;
      /** True: its process was gone by then, ended by itself or with its supervisor. */
      readonly wasGone?: true;
    }
  /** What the workspace was like before the attempt, for a check that compares: an opaque digest. */
  | {
      readonly type: "workspace-noted";
      readonly instance: string;
      readonly attempt: number;
      readonly digest: string;
    }
  /** The instance's own folder is there, made now or found as an earlier attempt left it. */
  | {
      readonly type: "workspace-prepared";
      readonly instance: string;
      readonly attempt: number;
      readonly workspace: PreparedWorkspace;
    }
  /** What the instance's own folder held beyond its base when the attempt's process had ended. */
  | {
      readonly type: "workspace-recorded";
      readonly instance: string;
      readonly attempt: number;
      readonly changes: WorkspaceChanges;
    }
  /** The agent told its session, model or version (again). */
  | {
      readonly type: "attempt-identified";
      readonly instance: string;
      readonly attempt: number;
      readonly sessionId?: string;
      readonly model?: string;
      readonly agentVersion?: string;
      readonly permissionMode?: string;
    }
  /**
   * What happened since the last one, at most a few per second and attempt: counters are totals of the attempt so far,
   * `activity` the newest things said and done, `omitted` how many more there were (the raw output has them all).
   */
  | {
      readonly type: "attempt-progressed";
      readonly instance: string;
      readonly attempt: number;
      readonly spent: Spending;
      readonly tools: Readonly<Record<string, number>>;
      readonly turns: number;
      readonly events: number;
      readonly unreadable: number;
      readonly activity: readonly Activity[];
      readonly omitted: number;
    }
  | {
      readonly type: "attempt-denied";
      readonly instance: string;
      readonly attempt: number;
      readonly tool: string;
      readonly reason: string;
    }
  /** A usage window of the account, as the agent told it. */
  | {
      readonly type: "limit-observed";
      readonly instance: string;
      readonly attempt: number;
      readonly window: string;
      readonly status: "allowed" | "warning" | "rejected";
      readonly resetsAt?: number;
      readonly utilization?: number;
    }
  /**
   * A request of the agent to its model is about to leave: the most it can cost is set aside in every budget that covers
   * it. `request` counts from 1 within the attempt; `request-settled` follows, once.
   */
  | {
      readonly type: "request-reserved";
      readonly instance: string;
      readonly attempt: number;
      readonly request: number;
      readonly model?: string;
      /** Which of the agent's own sub-agents asks, as its CLI calls it; absent: the agent itself, or nobody says. */
      readonly subAgent?: string;
      readonly worst: RequestAmount;
    }
  /** What it cost in the end: this is spent, the rest of what was set aside is free again. */
  | {
      readonly type: "request-settled";
      readonly instance: string;
      readonly attempt: number;
      readonly request: number;
      readonly model?: string;
      readonly usage: TokenUsage;
      /** Undefined where the price is not known. */
      readonly costUsd?: number;
      readonly outcome: RequestOutcome;
      /** reported: by the model API. estimated: from what was seen to pass. assumed: the worst, since nobody saw its end. */
      readonly counted: "reported" | "estimated" | "assumed";
      /** HTTP status of the model API, where it answered. */
      readonly status?: number;
      readonly durationMs: number;
      /** ms it was held by the gateway before it was sent, and from then to the first byte of its answer. */
      readonly waitedMs?: number;
      readonly firstByteMs?: number;
    }
  /** A request did not fit a budget and was not sent: it cost nothing. */
  | {
      readonly type: "request-refused";
      readonly instance: string;
      readonly attempt: number;
      readonly model?: string;
      readonly worst: RequestAmount;
      readonly reason: string;
      /** The limit it did not fit; absent in the log of an older program. */
      readonly limit?: Pick<BudgetLimit, "scope" | "unit" | "limit">;
    }
  /** An attempt's requests look wrong; told once per breaker. With `stop` the attempt is being ended for it. */
  | {
      readonly type: "breaker-tripped";
      readonly instance: string;
      readonly attempt: number;
      readonly breaker: BreakerName;
      readonly value: number;
      readonly limit: number;
      readonly action: "warn" | "stop";
    }
  /** We began to end an attempt. The first cause wins: a later one is not recorded. */
  | {
      readonly type: "attempt-stopping";
      readonly instance: string;
      readonly attempt: number;
      readonly cause: StopCause;
    }
  | {
      readonly type: "check-finished";
      readonly instance: string;
      readonly attempt: number;
      /** What was asked, in words: "npm test exits 0". */
      readonly check: string;
      readonly ok: boolean;
      readonly detail: string;
    }
  | {
      readonly type: "attempt-ended";
      readonly instance: string;
      readonly attempt: number;
      readonly verdict: Verdict;
      readonly verification: Verification;
      /** One sentence for a person: why it ended so. */
      readonly reason: string;
      readonly failure?: AgentFailure;
      readonly exit: ExitFacts;
      readonly durationMs: number;
      readonly spent: Spending;
      /** Tokens its agent tells of beyond those in `spent`: on the gateway's path, and notably more. */
      readonly besideGateway?: number;
      readonly tools: Readonly<Record<string, number>>;
      readonly turns: number;
      readonly events: number;
      readonly unreadable: number;
      readonly result?: string;
      readonly structured?: JsonValue;
      readonly sessionId?: string;
      /** The last useful lines of what it printed, for a failure. */
      readonly lastLines: readonly string[];
    }
  | {
      readonly type: "retry-scheduled";
      readonly instance: string;
      /** The attempt that will be made. */
      readonly attempt: number;
      readonly until: number;
      readonly reason: string;
      /** True: it continues the failed attempt's session. */
      readonly resume: boolean;
    }
  /** New starts of this instance are held back: a budget window, a usage limit. */
  | { readonly type: "instance-held"; readonly instance: string; readonly reason: string; readonly until?: number }
  /** Terminal event of an instance. */
  | {
      readonly type: "instance-settled";
      readonly instance: string;
      readonly verdict: Verdict;
      readonly verification: Verification;
      readonly reason: string;
      /** Of one that a person stopped while it waited. */
      readonly by?: Wisher;
    }
  | {
      readonly type: "budget-warned";
      readonly scope: BudgetScope;
      readonly unit: "tokens" | "cost_usd";
      readonly limit: number;
      readonly used: number;
      /** 0.8 or 1. */
      readonly threshold: number;
    }
  | {
      readonly type: "budget-exceeded";
      readonly scope: BudgetScope;
      readonly unit: "tokens" | "cost_usd";
      readonly limit: number;
      readonly used: number;
      readonly enforcement: "block" | "pause";
    }
  /** A person set another amount for a limit while the run was at work, or one more limit. */
  | {
      readonly type: "budget-changed";
      readonly scope: BudgetScope;
      readonly unit: "tokens" | "cost_usd";
      /** What it was; undefined for a limit that was not there. */
      readonly before?: number;
      readonly limit: number;
      readonly enforcement: "warn" | "block" | "pause";
      readonly by?: Wisher;
    }
  /**
   * Where a limit over all runs stands: `used` by all of them together, as far as it counts there, where this run had told of
   * `ofRun` in all. At the first look, and when what others spent has notably changed: a few times a minute at most.
   */
  | {
      readonly type: "budget-observed";
      readonly scope: BudgetScope;
      readonly unit: "tokens" | "cost_usd";
      readonly used: number;
      readonly ofRun: number;
    }
  /** A limit is nearly spent, or had no room for a request: from here on the instance works with a cheaper model. */
  | {
      readonly type: "model-downgraded";
      readonly instance: string;
      readonly model: string;
      readonly scope: BudgetScope;
      readonly unit: "tokens" | "cost_usd";
      readonly limit: number;
    }
  | { readonly type: "run-stopping"; readonly cause: StopCause; readonly force: boolean }
  /** Last event of every settled run; nothing follows it but `run-reopened`. */
  | {
      readonly type: "run-settled";
      readonly outcome: RunOutcome;
      /** 0 all succeeded, 1 something did not, 3 a budget stopped it, 130 or 143 interrupted. */
      readonly exitCode: number;
      readonly durationMs: number;
    };

/** An event as the log holds it: numbered from 1 without a gap, with the wall clock in ms since 1970. */
export type LoggedEvent = RunEvent & { readonly seq: number; readonly at: number };

export type RunOutcome = "succeeded" | "failed" | "budget_exceeded" | "stopped";

export interface MachineFacts {
  readonly platform: string;
  readonly node: string;
  readonly cores: number;
  /** Which guarantee against orphans this machine gives, in words. */
  readonly containment: string;
}

/** A folder that is one instance's own. */
export interface PreparedWorkspace {
  readonly kind: "worktree" | "copy";
  /** Absolute. */
  readonly path: string;
  /** Of a worktree. */
  readonly branch?: string;
  /** What changes are measured against: a commit, of the repository or of a copy's own record. */
  readonly base: string;
}

export interface WorkspaceChanges {
  /** Commits that the base has not. */
  readonly commits: number;
  /** Files that differ from the base, committed or not, with the lines of those that are text. */
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
  /** Files changed or new that are in no commit. */
  readonly uncommitted: number;
}

/** A process for ever: a pid alone is reused. `startTime` in the kernel's own unit, compared for equality only. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

export interface ExitFacts {
  readonly code?: number;
  readonly signal?: string;
  /** Set where the process never ran: ENOENT, E2BIG, EMFILE … */
  readonly spawnError?: string;
  /** Processes of the attempt found alive after its end, and ended. */
  readonly swept: number;
  /** True: it ended while no supervisor watched, so how is not known. */
  readonly lost?: true;
}

/** What an attempt cost, so far or in all. */
export interface Spending {
  readonly byModel: Readonly<Record<string, ModelSpending>>;
  readonly usage: TokenUsage;
  /** Undefined where some model's price is not known: never guessed. */
  readonly costUsd?: number;
  /** reported: the agent's own figure. priced: our catalogue. mixed: some of each. unknown: some model has no price. */
  readonly costSource: "none" | "reported" | "priced" | "mixed" | "unknown";
  /** True once the agent gave its own totals for everything so far; until then the figures are a lower bound. */
  readonly final: boolean;
}

export interface ModelSpending {
  readonly usage: TokenUsage;
  readonly costUsd?: number;
}

export interface Activity {
  readonly kind: "text" | "thinking" | "tool" | "tool-ok" | "tool-failed" | "waiting" | "note";
  /** At most 2,000 characters. */
  readonly text: string;
}

export type PauseCause =
  | { readonly kind: "user" }
  /** The log cannot be written, or the run may take no more of the disk: the sentence says why. */
  | { readonly kind: "storage"; readonly message: string };

export type StopCause =
  | { readonly kind: "user"; readonly signal?: "SIGINT" | "SIGTERM" | "SIGHUP"; readonly by?: Wisher }
  | { readonly kind: "timeout"; readonly timer: "wall" | "idle" | "first_event"; readonly afterMs: number }
  | {
      readonly kind: "budget";
      readonly scope: BudgetScope;
      readonly unit: "tokens" | "cost_usd";
      readonly limit: number;
      readonly used: number;
    }
  | {
      readonly kind: "breaker";
      readonly breaker: BreakerName;
      readonly value: number;
      readonly limit: number;
    }
  /** Our own fault or the machine's (disk full, log lost): the sentence says which. */
  | { readonly kind: "internal"; readonly message: string };
