import type {
  Activity,
  ExitFacts,
  LoggedEvent,
  PreparedWorkspace,
  ProcessIdentity,
  Spending,
  StopCause,
  WorkspaceChanges,
} from "./events.ts";
import type { AgentFailure } from "./agentEvent.ts";
import { breakerWords } from "./breakerWords.ts";
import type { JsonValue } from "./json.ts";
import { spendingOfRequest } from "./modelRequest.ts";
import type { RequestEvent, RequestsState } from "./requestsState.ts";
import { countRequest, noRequests } from "./requestsState.ts";
import { addSpending, nothingSpent } from "./spending.ts";
import type { Verdict, Verification } from "./verdict.ts";

/**
 * The life of one instance. A field exists only in the states where it means something.
 *
 *     waiting ── attempt-planned ──▶ running ── attempt-stopping ──▶ stopping
 *        │  ▲                          │                                │
 *      held │                          └────── attempt-ended ───────────┤
 *        │  └── retrying ◀── retry-scheduled ── ended ◀─────────────────┘
 *        └───────────── instance-settled ──▶ settled ── run-reopened ──▶ waiting
 */
export type InstancePhase =
  | { readonly status: "waiting" }
  | { readonly status: "held"; readonly reason: string; readonly until?: number }
  | { readonly status: "running"; readonly attempt: number; readonly since: number }
  | { readonly status: "stopping"; readonly attempt: number; readonly since: number; readonly cause: StopCause }
  /** The last attempt is over; what follows (retry or verdict) is being decided. */
  | { readonly status: "ended"; readonly attempt: number }
  | { readonly status: "retrying"; readonly attempt: number; readonly until: number; readonly reason: string }
  | {
      readonly status: "settled";
      readonly verdict: Verdict;
      readonly verification: Verification;
      readonly reason: string;
      readonly at: number;
    };

export interface InstanceState {
  readonly name: string;
  readonly phase: InstancePhase;
  /** Oldest first; the last one is the one running now, if any. */
  readonly attempts: readonly AttemptState[];
  /** How many of them had been made when a person last asked for it again: they count against no retry policy. */
  readonly attemptsBefore: number;
  /** All attempts together. */
  readonly spent: Spending;
  /** The model it works with instead of its own, since a budget asked for a cheaper one. */
  readonly downgradedTo?: string;
  /** The folder that is its own, once there was one. */
  readonly workspace?: PreparedWorkspace;
  /** What that folder held beyond its base after the last attempt. */
  readonly changes?: WorkspaceChanges;
}

export interface AttemptState {
  readonly number: number;
  readonly agent: string;
  readonly plannedAt: number;
  readonly argv: readonly string[];
  readonly files: { readonly stdout: string; readonly stderr: string };
  /** The folder it runs in. */
  readonly cwd: string;
  /** The value of the marker variable in the environment of its processes. */
  readonly marker: string;
  readonly process?: ProcessIdentity;
  /** True: a later supervisor than the one that began it watched its end. */
  readonly adopted?: true;
  /** What the workspace was like before it. */
  readonly digestBefore?: string;
  readonly sessionId?: string;
  readonly model?: string;
  readonly agentVersion?: string;
  readonly permissionMode?: string;
  /** Set where its requests go through the gateway: what it spent then is what these came to. */
  readonly requests?: RequestsState;
  readonly spent: Spending;
  readonly tools: Readonly<Record<string, number>>;
  readonly turns: number;
  readonly events: number;
  readonly unreadable: number;
  /** The newest thing said or done. */
  readonly last?: Activity;
  readonly denied: readonly { readonly tool: string; readonly reason: string }[];
  readonly checks: readonly { readonly check: string; readonly ok: boolean; readonly detail: string }[];
  readonly end?: AttemptEnd;
}

export interface AttemptEnd {
  readonly at: number;
  readonly verdict: Verdict;
  readonly verification: Verification;
  readonly reason: string;
  readonly failure?: AgentFailure;
  readonly exit: ExitFacts;
  readonly durationMs: number;
  readonly result?: string;
  readonly structured?: JsonValue;
  /** Tokens its agent tells of beyond those the gateway counted. */
  readonly besideGateway?: number;
  readonly lastLines: readonly string[];
}

/** Events that belong to one instance. */
export type InstanceEvent = Extract<LoggedEvent, { readonly instance: string }>;

export function newInstance(name: string): InstanceState {
  return { name, phase: { status: "waiting" }, attempts: [], attemptsBefore: 0, spent: nothingSpent };
}

/**
 * Pure, total, and lenient: the log is history, so an event that does not fit leaves the state alone. Illegal requests are
 * refused earlier, in the engine. Nothing moves a settled instance.
 */
export function reduceInstance(state: InstanceState, event: InstanceEvent): InstanceState {
  if (state.phase.status === "settled") return state;
  switch (event.type) {
    case "attempt-planned":
      return plan(state, event);
    case "attempt-started":
      return withAttempt(state, event.attempt, { process: event.process });
    case "attempt-adopted":
      return withAttempt(state, event.attempt, { adopted: true });
    case "workspace-noted":
      return withAttempt(state, event.attempt, { digestBefore: event.digest });
    case "workspace-prepared":
      return { ...state, workspace: event.workspace };
    case "workspace-recorded":
      return { ...state, changes: event.changes };
    case "attempt-identified":
      return withAttempt(state, event.attempt, identity(event));
    case "attempt-progressed":
      return withAttempt(state, event.attempt, progress(event));
    case "attempt-denied":
      return changeAttempt(state, event.attempt, (attempt) => ({
        ...attempt,
        denied: [...attempt.denied, { tool: event.tool, reason: event.reason }],
      }));
    case "limit-observed":
      return state;
    case "breaker-tripped":
      return withAttempt(state, event.attempt, { last: { kind: "note", text: breakerWords(event) } });
    case "request-reserved":
    case "request-settled":
    case "request-refused":
      return changeAttempt(state, event.attempt, (attempt) => takeRequest(attempt, event));
    case "attempt-stopping":
      return state.phase.status === "running"
        ? { ...state, phase: { ...state.phase, status: "stopping", cause: event.cause } }
        : state;
    case "check-finished":
      return changeAttempt(state, event.attempt, (attempt) => ({
        ...attempt,
        checks: [...attempt.checks, { check: event.check, ok: event.ok, detail: event.detail }],
      }));
    case "attempt-ended":
      return end(state, event);
    case "retry-scheduled":
      return {
        ...state,
        phase: { status: "retrying", attempt: event.attempt, until: event.until, reason: event.reason },
      };
    case "model-downgraded":
      return { ...state, downgradedTo: event.model };
    case "instance-held":
      return isIdle(state) ? { ...state, phase: held(event) } : state;
    case "instance-settled":
      return settle(state, event);
    default:
      return ignoreUnknown(state, event);
  }
}

function settle(state: InstanceState, event: Extract<InstanceEvent, { type: "instance-settled" }>): InstanceState {
  const { verdict, verification, reason, at } = event;
  return { ...state, phase: { status: "settled", verdict, verification, reason, at } };
}

/** A person asked for it again: it waits anew, with its attempts and what they cost kept. */
export function reopenInstance(state: InstanceState): InstanceState {
  if (state.phase.status !== "settled") return state;
  return { ...state, phase: { status: "waiting" }, attemptsBefore: state.attempts.length };
}

/** A newer writer may log events we have never heard of; the compiler still makes us list ours. */
function ignoreUnknown<State>(state: State, _event: never): State {
  return state;
}

function isIdle(state: InstanceState): boolean {
  return state.phase.status === "waiting" || state.phase.status === "held" || state.phase.status === "retrying";
}

function held(event: Extract<InstanceEvent, { type: "instance-held" }>): InstancePhase {
  return event.until === undefined
    ? { status: "held", reason: event.reason }
    : { status: "held", reason: event.reason, until: event.until };
}

function plan(state: InstanceState, event: Extract<InstanceEvent, { type: "attempt-planned" }>): InstanceState {
  const attempt: AttemptState = {
    number: event.attempt,
    agent: event.agent,
    plannedAt: event.at,
    argv: event.argv,
    files: event.files,
    cwd: event.cwd,
    marker: event.marker,
    ...(event.model === undefined ? {} : { model: event.model }),
    ...(event.gateway === undefined ? {} : { requests: noRequests(event.gateway) }),
    spent: nothingSpent,
    tools: {},
    turns: 0,
    events: 0,
    unreadable: 0,
    denied: [],
    checks: [],
  };
  return {
    ...state,
    phase: { status: "running", attempt: event.attempt, since: event.at },
    attempts: [...state.attempts, attempt],
  };
}

function takeRequest(attempt: AttemptState, event: RequestEvent): AttemptState {
  const before = attempt.requests ?? noRequests({ url: "", tokenHash: "" });
  const requests = countRequest(before, event);
  if (event.type !== "request-settled") return { ...attempt, ...waitsNoMore(attempt, event), requests };
  if (requests === before) return { ...attempt, requests };
  return { ...attempt, requests, spent: addSpending(attempt.spent, spendingOfRequest(event)) };
}

/** A request that is granted or refused is held no longer. */
function waitsNoMore({ last }: AttemptState, event: RequestEvent): Pick<AttemptState, "last"> {
  if (last?.kind !== "waiting") return {};
  return { last: { kind: "note", text: event.type === "request-refused" ? event.reason : "its request goes on" } };
}

function identity(event: Extract<InstanceEvent, { type: "attempt-identified" }>): Partial<AttemptState> {
  return {
    ...(event.sessionId === undefined ? {} : { sessionId: event.sessionId }),
    ...(event.model === undefined ? {} : { model: event.model }),
    ...(event.agentVersion === undefined ? {} : { agentVersion: event.agentVersion }),
    ...(event.permissionMode === undefined ? {} : { permissionMode: event.permissionMode }),
  };
}

function progress(event: Extract<InstanceEvent, { type: "attempt-progressed" }>): Partial<AttemptState> {
  const last = event.activity.at(-1);
  return {
    spent: event.spent,
    tools: event.tools,
    turns: event.turns,
    events: event.events,
    unreadable: event.unreadable,
    ...(last === undefined ? {} : { last }),
  };
}

function end(state: InstanceState, event: Extract<InstanceEvent, { type: "attempt-ended" }>): InstanceState {
  const changed = withAttempt(state, event.attempt, {
    spent: event.spent,
    tools: event.tools,
    turns: event.turns,
    events: event.events,
    unreadable: event.unreadable,
    ...(event.sessionId === undefined ? {} : { sessionId: event.sessionId }),
    end: {
      at: event.at,
      verdict: event.verdict,
      verification: event.verification,
      reason: event.reason,
      ...(event.failure === undefined ? {} : { failure: event.failure }),
      exit: event.exit,
      durationMs: event.durationMs,
      ...(event.result === undefined ? {} : { result: event.result }),
      ...(event.structured === undefined ? {} : { structured: event.structured }),
      ...(event.besideGateway === undefined ? {} : { besideGateway: event.besideGateway }),
      lastLines: event.lastLines,
    },
  });
  return changed === state ? state : { ...changed, phase: { status: "ended", attempt: event.attempt } };
}

function withAttempt(state: InstanceState, number: number, changes: Partial<AttemptState>): InstanceState {
  return changeAttempt(state, number, (attempt) => ({ ...attempt, ...changes }));
}

/** Only an attempt that has not ended can change: a late word about an ended one is ignored. */
function changeAttempt(
  state: InstanceState,
  number: number,
  change: (attempt: AttemptState) => AttemptState,
): InstanceState {
  const index = state.attempts.findIndex((attempt) => attempt.number === number && attempt.end === undefined);
  if (index === -1) return state;
  const attempts = state.attempts.map((attempt, at) => (at === index ? change(attempt) : attempt));
  return { ...state, attempts, spent: attempts.reduce((sum, each) => addSpending(sum, each.spent), nothingSpent) };
}
