import type { JsonValue } from "./json.ts";
import type { TokenUsage } from "./usage.ts";

/**
 * What an agent was heard to say, in one language for all of them. A parser makes these from lines; it never throws, and
 * what it cannot read it hands on as `unreadable` so that it is counted and kept.
 */
export type AgentEvent =
  /** The agent told who it is. May come several times in one process (one per turn). */
  | {
      readonly type: "session";
      readonly sessionId?: string;
      readonly model?: string;
      readonly agentVersion?: string;
      readonly permissionMode?: string;
    }
  /** Text meant for the reader. `parent` names the tool call of the sub-agent it came from. */
  | { readonly type: "message"; readonly text: string; readonly parent?: string }
  | { readonly type: "thinking"; readonly text: string }
  | {
      readonly type: "tool-started";
      readonly callId: string;
      readonly tool: string;
      /** One short line that says what the call does (its command, path or description). */
      readonly summary: string;
      readonly parent?: string;
    }
  | { readonly type: "tool-finished"; readonly callId: string; readonly ok: boolean; readonly summary?: string }
  /**
   * Tokens of one model call. `key` names the call: the last event with a key replaces the earlier ones, and the sum over
   * keys is the running total (a lower bound while output is still arriving).
   */
  | { readonly type: "usage"; readonly key: string; readonly model?: string; readonly usage: TokenUsage }
  /**
   * The agent's own totals for what happened since the last `totals` event of this process: they replace every `usage`
   * heard since then. `costUsd` only where the agent itself gives one.
   */
  | {
      readonly type: "totals";
      readonly byModel: readonly {
        readonly model: string;
        readonly usage: TokenUsage;
        readonly costUsd?: number;
        /** True where the agent priced a model it did not know by another one's prices: its figure is not to be believed. */
        readonly costIsGuess?: boolean;
      }[];
    }
  /** A tool call was refused for want of permission. */
  | { readonly type: "denied"; readonly tool: string; readonly reason: string }
  /** The agent waits and will try again by itself. */
  | {
      readonly type: "waiting";
      readonly why: "rate_limit" | "overloaded" | "server_error" | "connection" | "other";
      readonly delayMs?: number;
      readonly text: string;
    }
  /** State of a usage window of the account. `resetsAt` in ms since 1970, `utilization` 0 to 1. */
  | {
      readonly type: "limit";
      readonly window: string;
      readonly status: "allowed" | "warning" | "rejected";
      readonly resetsAt?: number;
      readonly utilization?: number;
    }
  /** The agent's own word on how a turn ended. The last one before the process ends counts. */
  | {
      readonly type: "finished";
      readonly ok: boolean;
      readonly result?: string;
      readonly structured?: JsonValue;
      readonly turns?: number;
      readonly failure?: AgentFailure;
    }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "unreadable"; readonly line: string; readonly why: string };

/** Why an agent's work failed, in our words, with the agent's own sentence. */
export interface AgentFailure {
  readonly kind: FailureKind;
  readonly message: string;
  /** When the limit that stopped it lifts, ms since 1970. */
  readonly resetsAt?: number;
  /** HTTP status of the model API, where that was the cause. */
  readonly status?: number;
}

/**
 * What may pass by itself: rate_limit, usage_limit (with a reset time), overload, connection, crash, timeout, incomplete.
 * `interrupted` is no fault of the agent's: the supervisor was gone, so it is always tried again. The rest will not pass.
 */
export type FailureKind =
  | "interrupted"
  | "rate_limit"
  | "usage_limit"
  | "overload"
  | "connection"
  | "crash"
  | "timeout"
  | "incomplete"
  | "budget"
  | "permission"
  | "authentication"
  | "billing"
  | "invalid_request"
  | "max_turns"
  | "refusal"
  | "structured_output"
  | "bad_invocation"
  | "session_in_use"
  | "session_not_found"
  | "not_started"
  | "acceptance"
  | "agent_error";
