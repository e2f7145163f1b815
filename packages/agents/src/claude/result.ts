import type { AgentEvent, ExitFacts, JsonObject, JsonValue } from "@claude-orchestrator/domain";
import { isJsonObject } from "@claude-orchestrator/domain";
import { numberAt, textAt } from "../shared/looseJson.ts";
import { failureOfResult, failureOfStderr } from "./failure.ts";
import type { ParserState } from "./state.ts";
import { denial } from "./system.ts";
import { modelTotals, totalsSince, type ModelTotal } from "./usage.ts";

/** A structured answer nested deeper than this is not handed on: whatever writes it down again would fail. */
const deepest = 200;

/** The end of a turn. A process may print several; the last one before it ends counts. */
export function fromResult(state: ParserState, event: JsonObject): readonly AgentEvent[] {
  state.results++;
  const spent = spentInTurn(state, event);
  const events: AgentEvent[] = [
    ...(spent === undefined ? [] : [{ type: "totals", byModel: spent } as const]),
    ...refusals(state, event),
    finished(state, event),
  ];
  state.errorName = undefined;
  return events;
}

/**
 * Tokens and dollars since the last result. `model_usage_since_last_result` says just that. Where it is missing (older
 * releases) the cumulative `modelUsage` less the one before does, unless the session was begun by an earlier process: then
 * its beginning is not known, and the sum of the single calls stands as the lower bound it is (`result.usage` would leave
 * out sub-agents).
 */
function spentInTurn(state: ParserState, event: JsonObject): readonly ModelTotal[] | undefined {
  const whole = event["modelUsage"];
  const cumulative = isJsonObject(whole) ? modelTotals(whole) : undefined;
  const before = state.cumulative;
  if (before !== undefined && cumulative !== undefined) state.cumulative = cumulative;
  const since = event["model_usage_since_last_result"];
  if (isJsonObject(since)) return modelTotals(since);
  return before === undefined || cumulative === undefined ? undefined : totalsSince(before, cumulative);
}

function refusals(state: ParserState, event: JsonObject): readonly AgentEvent[] {
  const told = event["permission_denials"];
  if (!Array.isArray(told)) return [];
  return (told as readonly unknown[]).flatMap((each) => (isJsonObject(each) ? denial(state, each, undefined) : []));
}

function finished(state: ParserState, event: JsonObject): AgentEvent {
  const subtype = textAt(event, "subtype") ?? "success";
  const ok = event["is_error"] !== true && subtype === "success";
  const turns = numberAt(event, "num_turns");
  const result = textAt(event, "result");
  const structured = shallow(event["structured_output"]) ? event["structured_output"] : undefined;
  const told = {
    type: "finished",
    ...(result === undefined ? {} : { result }),
    ...(structured === undefined || structured === null ? {} : { structured }),
    ...(turns === undefined ? {} : { turns }),
  } as const;
  if (!ok) {
    // Its `result` is then the error's text: that is the failure's message, and no answer for anybody.
    const { result: _, ...rest } = told;
    return { ...rest, ok: false, failure: failureOfResult(event, state) };
  }
  if (state.schemaAsked && told.structured === undefined && state.results >= state.turnsAsked) {
    const message = "The model answered in words, not in the structure that json_schema asks for";
    return { ...told, ok: false, failure: { kind: "structured_output", message } };
  }
  return { ...told, ok: true };
}

function shallow(value: JsonValue | undefined): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth < deepest; depth++) {
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
    if (level.length === 0) return true;
  }
  return false;
}

/** The end of the process: turns that never ran, and a start that failed with a word on stderr only. */
export function atEnd(state: ParserState, exit: ExitFacts): readonly AgentEvent[] {
  if (state.results === 0) {
    const failure = exit.code === undefined || exit.code === 0 ? undefined : failureOfStderr(state.stderr);
    return failure === undefined ? [] : [{ type: "finished", ok: false, failure }];
  }
  if (state.results >= state.turnsAsked) return [];
  const message = `Only ${state.results} of ${state.turnsAsked} turns were run`;
  const kind = exit.lost === true ? "interrupted" : "incomplete";
  return [{ type: "finished", ok: false, failure: { kind, message } }];
}
