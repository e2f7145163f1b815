import type { TokenUsage } from "@claude-orchestrator/domain";
import type { ModelTotal } from "./usage.ts";

/** One call of a model. */
export interface Call {
  readonly id: string;
  readonly model: string | undefined;
  readonly usage: TokenUsage;
}

/** What a parser remembers of its process: bounded, however long it talks. */
export interface ParserState {
  readonly turnsAsked: number;
  readonly schemaAsked: boolean;
  /** Tool calls begun and not ended, so that each is told once. */
  readonly openTools: Set<string>;
  /** Refused tool calls already told. */
  readonly denied: Set<string>;
  readonly stderr: string[];
  /** The call the main loop is making, from its `message_start`. */
  call: Call | undefined;
  /** The main loop's last call whose final usage was told: what still comes for it is older news. */
  finalCall: string | undefined;
  /** The last usage event's call and figures, to not repeat it for each block of one message. */
  lastUsage: Pick<Call, "id" | "usage"> | undefined;
  /** The last cumulative figures; undefined where they include an earlier process and the beginning is not known. */
  cumulative: readonly ModelTotal[] | undefined;
  errorName: string | undefined;
  rejectedUntil: number | undefined;
  results: number;
}

export function newState(asked: {
  readonly turnsAsked: number;
  readonly schemaAsked: boolean;
  readonly continues: boolean;
}): ParserState {
  return {
    turnsAsked: asked.turnsAsked,
    schemaAsked: asked.schemaAsked,
    openTools: new Set(),
    denied: new Set(),
    stderr: [],
    call: undefined,
    finalCall: undefined,
    lastUsage: undefined,
    cumulative: asked.continues ? undefined : [],
    errorName: undefined,
    rejectedUntil: undefined,
    results: 0,
  };
}
