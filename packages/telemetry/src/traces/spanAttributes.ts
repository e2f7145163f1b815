import { knownCost, totalTokens } from "@claude-orchestrator/domain";
import type { LoggedEvent, RunOutcome, Spending, StopCause, Verdict } from "@claude-orchestrator/domain";
import { names, operations, ownNames, providerOf, providers, usageAttributes } from "../conventions.ts";
import type { Attributes } from "../conventions.ts";
import type { SpanStatus } from "./span.ts";

export type EventOf<Type extends LoggedEvent["type"]> = Extract<LoggedEvent, { readonly type: Type }>;

/** Ended by somebody's wish, or never begun: neither well nor badly. */
const neither: readonly (Verdict | RunOutcome)[] = ["stopped", "skipped"];

/** The word of the verdict is the whole message: reasons may quote what agents wrote. */
export function statusOf(verdict: Verdict | RunOutcome): SpanStatus {
  if (verdict === "succeeded") return { code: "ok" };
  return neither.includes(verdict) ? { code: "unset" } : { code: "error", message: verdict };
}

export function attemptBegin(event: EventOf<"attempt-planned">, instance: string): Attributes {
  const { agent, attempt, model } = event;
  const isModel = agent !== "command";
  return {
    [names.operation]: isModel ? operations.attempt : undefined,
    [names.agent]: agent,
    [names.requestModel]: model,
    [names.provider]: providerOf(model),
    [ownNames.instance]: instance,
    [ownNames.attempt]: attempt,
  };
}

export function attemptIdentity({ sessionId, model, agentVersion }: EventOf<"attempt-identified">): Attributes {
  return {
    [names.conversation]: sessionId,
    [names.responseModel]: model,
    [names.provider]: providerOf(model),
    [names.agentVersion]: agentVersion,
  };
}

export function attemptEnd(event: EventOf<"attempt-ended">): Attributes {
  const { verdict, verification, failure, exit, spent, turns, sessionId } = event;
  const models = Object.keys(spent.byModel);
  return {
    [ownNames.verdict]: verdict,
    [ownNames.verification]: verification,
    [names.error]: statusOf(verdict).code === "error" ? (failure?.kind ?? verdict) : undefined,
    [names.exitCode]: exit.code,
    [names.conversation]: sessionId,
    [names.provider]: models.map((model) => providerOf(model)).find((provider) => provider !== undefined),
    [ownNames.turns]: turns,
    ...usageAttributes(spent.usage),
    [ownNames.costUsd]: costOf(spent),
  };
}

/** Of an instance or a run: under names of our own, so that whoever adds up `gen_ai.usage` counts nothing twice. */
export function totalAttributes(spent: Spending): Attributes {
  return { [ownNames.tokens]: totalTokens(spent.usage), [ownNames.costUsd]: costOf(spent) };
}

export function requestBegin({ model, subAgent, request }: EventOf<"request-reserved">): Attributes {
  const provider = providerOf(model);
  return {
    [names.operation]: provider === providers.google ? operations.googleRequest : operations.request,
    [names.provider]: provider,
    [names.requestModel]: model,
    [ownNames.subAgent]: subAgent,
    [ownNames.request]: request,
  };
}

export function requestEnd(event: EventOf<"request-settled">): Attributes {
  const { model, usage, costUsd, outcome, counted, status } = event;
  return {
    [names.provider]: providerOf(model),
    [names.responseModel]: model,
    [names.httpStatus]: status,
    [names.error]:
      outcome === "answered" ? undefined : String(status !== undefined && status >= 400 ? status : outcome),
    ...usageAttributes(usage),
    [ownNames.costUsd]: costUsd,
    [ownNames.outcome]: outcome,
    [ownNames.counted]: counted,
  };
}

export function causeWords(cause: StopCause): string {
  return cause.kind === "timeout" ? `timeout (${cause.timer})` : cause.kind;
}

function costOf(spent: Spending): number | undefined {
  return spent.costSource === "unknown" ? undefined : knownCost(spent);
}
