import type { JsonObject, JsonValue } from "./json.ts";
import type { RequestAmount } from "./modelRequest.ts";

/**
 * What was asked, resolved and checked: made by config from a file, run by engine, kept whole in the log's first event.
 * Matrices and sequences are already expanded; every duration is in milliseconds, every path absolute.
 * Fields documented as *template* may hold `${{ … }}`, filled in when the instance starts.
 */
export interface Plan {
  readonly name: string;
  readonly description?: string;
  readonly workspace: string;
  /** At most this many attempts run at once. */
  readonly concurrency: number;
  readonly startupDelayMs: number;
  /** As written (`2h`, `14:30`, an ISO date); the cli resolves it against its clock when the run begins. */
  readonly startAt?: string;
  readonly variables: JsonObject;
  readonly limits: readonly BudgetLimit[];
  /** p90: an instance starts only where the p90 of its forecast (`expected`) fits what is left of its limits. */
  readonly admission?: "p90";
  /** Absent: agents speak to their model themselves, and budgets count after the fact. */
  readonly gateway?: GatewayPlan;
  /** Absent: nothing of the run is told to a collector, and no metrics are served. */
  readonly telemetry?: TelemetryPlan;
  /** The ancestor's `disable_visuals`: no budget bars on the screen. */
  readonly hideBudgets: boolean;
  readonly instances: readonly InstancePlan[];
  /** Which runs of the past are removed when this one has ended; without it, none. */
  readonly retention?: Retention;
  /** Who is told of what happens; absent: nobody. */
  readonly notify?: readonly NotifyTarget[];
  /** How usage windows of the agents' accounts are kept; absent: as `defaultUsagePolicy` says. */
  readonly usage?: UsagePolicy;
  /** When an attempt's requests look wrong, whatever its budget says; absent: as `defaultBreakers` says. */
  readonly breakers?: BreakerPolicy;
  /** Bounds on what the run may take of the disk; without it, the default floor. */
  readonly disk?: DiskBounds;
  /** What the person should be told once: changed defaults, fields of the older format that mean something else here. */
  readonly notices: readonly string[];
}

/** The way to the model that holds budgets before money is spent, and keeps the keys from the agents. */
export interface GatewayPlan {
  /** By whose API it is; absent ones are what the environment says of them. */
  readonly upstreams: Readonly<Partial<Record<"anthropic" | "openai" | "google", UpstreamPlan>>>;
  /** A file of certificates, in PEM form, trusted beside the usual ones; absolute. */
  readonly caFile?: string;
  /** True: what has no known price is let through, uncounted, also under a budget in dollars. */
  readonly allowUnpriced: boolean;
  /** The most tokens an agent asks for in one answer, where it can be told: what is set aside for each shrinks with it. */
  readonly maxOutputTokens?: number;
  /** Requests at one API at once at most, of all agents together; absent: as many as it is seen to bear. */
  readonly maxConcurrentRequests?: number;
  /** True: nothing starts where an agent would ask its model past the gateway. */
  readonly required?: boolean;
}

export interface UpstreamPlan {
  readonly url?: string;
  readonly key?: KeySource;
}

/** Where a key is read, once. */
export type KeySource =
  | { readonly kind: "env"; readonly name: string }
  /** Readable by its owner only. */
  | { readonly kind: "file"; readonly path: string }
  /** What it prints is the key. Never seen by a shell. */
  | { readonly kind: "command"; readonly argv: readonly string[] }
  /** A name in the folder systemd gives a service its credentials in. */
  | { readonly kind: "credential"; readonly name: string }
  /** An entry of the system's own store of secrets; without an account, the one there is of that service. */
  | { readonly kind: "keychain"; readonly service: string; readonly account?: string };

/** What is told of a run to what watches over programs. */
export interface TelemetryPlan {
  /** Spans, by OTLP over HTTP. */
  readonly traces?: TracesPlan;
  /** The port of 127.0.0.1 at which Prometheus finds metrics. */
  readonly metricsPort?: number;
}

export interface TracesPlan {
  /** Of the collector. Absent: what OpenTelemetry's own variables say, else http://localhost:4318. */
  readonly endpoint?: string;
  /** The variable that holds headers for it, which may be secret: NAME=VALUE, with commas between. */
  readonly headersEnv?: string;
  /** True: the endpoint may be in a private network. One of this machine always may. */
  readonly allowPrivate?: boolean;
}

export interface InstancePlan {
  /** Unique in the plan. A matrix member is `test (node=22, os=linux)`, a sequence member `deploy.1`. */
  readonly name: string;
  /** The name written in the file; `needs: [group]` and `needs.group` mean all members of a matrix, the last of a sequence. */
  readonly group: string;
  readonly description?: string;
  /** This member's values of the matrix, for `${{ matrix.KEY }}`. */
  readonly matrix?: JsonObject;
  readonly agent: string;
  readonly work: Work;
  /** The slash command (`/review`) or text that per-command budgets count it under. */
  readonly commandKey?: string;
  readonly model?: string;
  readonly fallbackModel?: string;
  readonly effort?: string;
  /** Template. */
  readonly systemPrompt?: string;
  /** Template. */
  readonly appendSystemPrompt?: string;
  readonly maxTurns?: number;
  readonly addDirs: readonly string[];
  readonly mcpConfig?: JsonValue;
  readonly allowedTools?: readonly string[];
  readonly disallowedTools?: readonly string[];
  readonly permissionMode: PermissionMode;
  readonly settings?: JsonValue;
  readonly jsonSchema?: JsonObject;
  readonly outputFormat: "stream-json" | "json" | "text";
  readonly session: SessionPlan;
  readonly env: EnvPlan;
  readonly cwd: string;
  /** Absent: it works in `cwd` itself, beside all others. */
  readonly isolation?: Isolation;
  readonly needs: readonly Need[];
  readonly timeoutMs?: number;
  readonly idleTimeoutMs?: number;
  readonly firstEventTimeoutMs?: number;
  readonly retry: RetryPolicy;
  /** Higher starts first; equal ones in file order. */
  readonly priority: number;
  /** True: its failure neither skips its dependents nor fails the run. */
  readonly continueOnFailure: boolean;
  readonly successWhen: readonly Acceptance[];
  /** True: the workspace's own agent settings, hooks and MCP servers are loaded. They can run code. */
  readonly trustWorkspace: boolean;
  /** Absent: its agent keeps its settings and sessions where the person's own does, beside all others. */
  readonly agentConfig?: "own";
  /** The p90 of what it was forecast to take, all attempts together, when the run began; absent where nothing like it had run. */
  readonly expected?: RequestAmount;
}

/** What is kept of the runs that ended in the same folder; each bound that is given counts by itself. */
export interface Retention {
  /** No run that ended longer ago, ms. */
  readonly ageMs?: number;
  /** At most so many runs, the newest. */
  readonly count?: number;
  /** Runs of at most so many bytes together, the newest. */
  readonly bytes?: number;
}

/** A folder of its own for an instance, so that several can change the same files at once. */
export type Isolation =
  | {
      readonly kind: "worktree";
      /** A branch, tag or commit that it begins from. */
      readonly base: string;
      /** Folders of the repository, relative to its root, that are linked into the worktree instead of made anew. */
      readonly link: readonly string[];
      /** Runs in the new folder before the first attempt. */
      readonly setup?: Extract<Acceptance, { readonly kind: "command" | "script" }>;
      readonly submodules: boolean;
    }
  | { readonly kind: "copy" };

/** In bytes. */
export interface DiskBounds {
  /** Nothing starts while less than this is free. */
  readonly minFree?: number;
  /** Nothing more starts once the run's own files and folders are larger. */
  readonly maxRun?: number;
}

export type Work =
  /** `text` and `before` are templates. `before` are turns of the same session that run first (`/compact`, pre_commands). */
  | { readonly kind: "prompt"; readonly text: string; readonly before: readonly string[] }
  /** Each word a template, never seen by a shell. */
  | { readonly kind: "argv"; readonly argv: readonly string[] }
  /** Not a template: values reach a script by `env` only, so nothing is ever pasted into a shell. */
  | { readonly kind: "script"; readonly script: string };

export type PermissionMode = "default" | "acceptEdits" | "plan" | "dontAsk" | "auto" | "bypassPermissions";

export interface SessionPlan {
  /** As written; an adapter makes of it whatever its CLI accepts as a session's name. */
  readonly id?: string;
  /** True: continue the session `id` rather than begin it, where the one it `follows` has left one. */
  readonly resume: boolean;
  /** The instance before it in the session: what that one really had is continued, also where it began anew. */
  readonly follows?: string;
  /** True: begin anew even where a session of that id exists. */
  readonly clear: boolean;
}

export interface EnvPlan {
  /** Templates, by name. */
  readonly values: Readonly<Record<string, string>>;
  /** Names taken over from our own environment, where set. */
  readonly pass: readonly string[];
}

export interface Need {
  /** An instance's name or a group's. */
  readonly instance: string;
  readonly when: "success" | "failure" | "always" | { readonly expression: string };
}

export interface RetryPolicy {
  /** Attempts in all, the first included: 1 means no retry. */
  readonly attempts: number;
  readonly delayMs: number;
  /** Each wait is the one before times this. */
  readonly backoff: number;
  readonly maxDelayMs: number;
  readonly on: readonly RetryCause[];
}

export type RetryCause =
  | "rate_limit"
  | "usage_limit"
  | "overload"
  | "connection"
  | "crash"
  | "timeout"
  | "incomplete"
  | "acceptance";

export type Acceptance =
  | { readonly kind: "command"; readonly argv: readonly string[] }
  | { readonly kind: "script"; readonly script: string }
  | { readonly kind: "file"; readonly path: string }
  /** `pattern` must match the final answer, or the file where `path` is given. */
  | { readonly kind: "pattern"; readonly pattern: string; readonly flags: string; readonly path?: string }
  /** The structured output, or the final answer read as JSON, or the file, fits this schema. */
  | { readonly kind: "json_schema"; readonly schema: JsonObject; readonly path?: string }
  | { readonly kind: "workspace_changed" };

/** One line that spending must not cross. Tokens and dollars are separate limits, each in its own unit. */
export interface BudgetLimit {
  readonly scope: BudgetScope;
  readonly unit: "tokens" | "cost_usd";
  readonly limit: number;
  /** warn: say so. block: stop what would spend more, refuse the rest. pause: hold new starts until the window frees. */
  readonly enforcement: "warn" | "block" | "pause";
  /** Before it blocks: what it covers goes on with this model, once, where its agent calls one. */
  readonly downgrade?: string;
}

export type BudgetScope =
  | { readonly kind: "run" }
  | { readonly kind: "command"; readonly command: string }
  | { readonly kind: "instance"; readonly instance: string }
  /** Each attempt of the instance by itself. */
  | { readonly kind: "attempt"; readonly instance: string }
  /** Each sub-agent of each attempt of the instance by itself. Only the gateway tells them apart. */
  | { readonly kind: "sub_agent"; readonly instance: string }
  /** Whatever was spent in the last `windowMs`. */
  | { readonly kind: "window"; readonly windowMs: number }
  /** The same, by all runs of this person on this machine together. */
  | { readonly kind: "machine"; readonly windowMs: number }
  /** Whatever all runs of this person on this machine spend on one calendar day. `zone`: as IANA names it; absent: the machine's. */
  | { readonly kind: "day"; readonly zone?: string };

/** What a person may want to be told. */
export const noticeKinds = ["needs_attention", "finished", "failed", "budget_80", "budget_100"] as const;

export type NoticeKind = (typeof noticeKinds)[number];

/** One place that is told, and of what. No secret is in it: those have the name of an environment variable. */
export type NotifyTarget = NotifyChannel & { readonly on: readonly NoticeKind[] };

export type NotifyChannel =
  /** `secretEnv` names the variable with the key its messages are signed with. */
  | { readonly kind: "webhook"; readonly url: NotifyUrl; readonly secretEnv?: string; readonly allowPrivate: boolean }
  | { readonly kind: "slack"; readonly url: NotifyUrl; readonly allowPrivate: boolean }
  | { readonly kind: "desktop" }
  /** Words as written: nothing is filled in. */
  | { readonly kind: "command"; readonly argv: readonly string[] };

/** An address as written, or the name of the environment variable that holds it. */
export type NotifyUrl = { readonly text: string } | { readonly env: string };

/** What happens where an agent says that a usage window of its account is spent. */
export interface UsagePolicy {
  /** wait: what needs that agent starts after the reset. fail: it is not started. */
  readonly onLimit: "wait" | "fail";
  /** A reset further away than this is not waited for. */
  readonly waitMaxMs: number;
  /** Share of a window, from 0 to below 1, that is left to people: new starts wait for the reset once the rest is used. */
  readonly reserve: number;
}

export const defaultUsagePolicy: UsagePolicy = { onLimit: "wait", waitMaxMs: 12 * 60 * 60_000, reserve: 0 };

/** What of an attempt's requests looks wrong before a budget sees it. On the gateway's path only. */
export type BreakerName = "identical_requests" | "sub_agents" | "context_growth";

/** A limit of 0 turns its breaker off. */
export interface BreakerPolicy {
  /** warn: it is said, once per attempt. stop: the attempt ends as failed. */
  readonly onTrip: "warn" | "stop";
  /** The same request is asked again after so many answers. */
  readonly identicalRequests: number;
  /** An attempt has more sub-agents than this. */
  readonly subAgents: number;
  /** A turn has become so many times dearer within twelve. */
  readonly contextGrowth: number;
}

export const defaultBreakers: BreakerPolicy = {
  onTrip: "warn",
  identicalRequests: 5,
  subAgents: 50,
  contextGrowth: 4,
};
