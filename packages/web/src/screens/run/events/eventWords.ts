import {
  formatAmount,
  formatDuration,
  formatTokens,
  totalTokens,
  wisherOf,
  wisherWords,
} from "@claude-orchestrator/domain";
import type { LoggedEvent } from "@claude-orchestrator/domain";
import { scopeWords } from "../../../data/budgetWords.ts";

type Words = {
  readonly [Type in LoggedEvent["type"]]: (event: Extract<LoggedEvent, { readonly type: Type }>) => string;
};

const words: Words = {
  "run-created": ({ plan, version }) => `${plan.name}: ${plan.instances.length} instances, by version ${version}`,
  "run-scheduled": ({ until }) => `begins at ${new Date(until).toLocaleString()}`,
  "run-started": () => "",
  "run-resumed": ({ version, lost }) => [`by version ${version}`, ...lost].join("; "),
  "plan-changed": ({ plan }) => `${plan.instances.length} instances now`,
  "run-paused": ({ cause }) => (cause.kind === "user" ? "asked for" : cause.message),
  "run-unpaused": () => "",
  "run-reopened": ({ instances }) => `run again: ${instances.join(", ")}`,
  "attempt-planned": ({ agent, argv }) => `${agent}: ${argv.join(" ")}`,
  "attempt-started": ({ process }) => `process ${process.pid}`,
  "attempt-adopted": ({ wasGone }) => (wasGone === true ? "its process was gone" : "its process still ran"),
  "workspace-noted": ({ digest }) => digest,
  "workspace-prepared": ({ workspace }) => `${workspace.kind} ${workspace.path}`,
  "workspace-recorded": ({ changes }) => `${changes.files} files, +${changes.insertions} −${changes.deletions}`,
  "attempt-identified": ({ model, sessionId }) => [model, sessionId].filter((part) => part !== undefined).join(", "),
  "attempt-progressed": ({ activity, spent }) =>
    activity.at(-1)?.text ?? `${formatTokens(totalTokens(spent.usage))} tokens so far`,
  "attempt-denied": ({ tool, reason }) => `${tool}: ${reason}`,
  "limit-observed": ({ window, status }) => `${window}: ${status}`,
  "request-reserved": ({ request, model, worst }) =>
    `request ${request}${model === undefined ? "" : ` to ${model}`}: at most ${formatTokens(worst.tokens)} tokens`,
  "request-settled": ({ request, outcome, usage, durationMs }) =>
    `request ${request} ${outcome}: ${formatTokens(totalTokens(usage))} tokens in ${formatDuration(durationMs)}`,
  "request-refused": ({ reason }) => reason,
  "attempt-stopping": ({ cause }) => cause.kind,
  "check-finished": ({ check, ok, detail }) => `${check}: ${ok ? "holds" : detail}`,
  "attempt-ended": ({ verdict, reason }) => `${verdict}: ${reason}`,
  "retry-scheduled": ({ attempt, reason }) => `attempt ${attempt}: ${reason}`,
  "instance-held": ({ reason }) => reason,
  "instance-settled": ({ verdict, reason }) => `${verdict}: ${reason}`,
  "budget-warned": ({ unit, limit, used }) => `${formatAmount(unit, used)} of ${formatAmount(unit, limit)}`,
  "budget-exceeded": ({ unit, limit, used }) => `${formatAmount(unit, used)} of ${formatAmount(unit, limit)}`,
  "budget-observed": ({ scope, unit, used }) => `${scopeWords(scope)}: ${formatAmount(unit, used)} by all runs`,
  "budget-changed": ({ scope, unit, before, limit }) =>
    `${scopeWords(scope)}: ${before === undefined ? "none" : formatAmount(unit, before)} → ${formatAmount(unit, limit)}`,
  "breaker-tripped": ({ breaker, value, limit, action }) =>
    `${breaker.replaceAll("_", " ")}: ${value} where ${limit} is the limit${action === "stop" ? ", so it is ended" : ""}`,
  "model-downgraded": ({ model, scope }) => `${model} from here on, for the budget of ${scopeWords(scope)}`,
  "run-stopping": ({ cause, force }) => `${cause.kind}${force ? ", by force" : ""}`,
  "run-settled": ({ outcome, durationMs }) => `${outcome} after ${formatDuration(durationMs)}`,
};

const longest = 300;

/** What an event says, in a line; "" where its type says it all, or it is not what its type says. */
export function eventWords(event: LoggedEvent): string {
  try {
    // A newer program may have written a type that is not in the table.
    const say = words[event.type] as ((event: LoggedEvent) => string) | undefined;
    const by = wisherOf(event);
    const parts = [say?.(event) ?? "", by === undefined ? "" : `by ${wisherWords(by)}`];
    return parts
      .filter((part) => part !== "")
      .join(", ")
      .replace(/\s+/g, " ")
      .slice(0, longest);
  } catch {
    return "";
  }
}

/** Whose it is: "" for one of the whole run. */
export function instanceOf(event: LoggedEvent): string {
  return "instance" in event ? event.instance : "";
}

export function attemptOf(event: LoggedEvent): number | undefined {
  return "attempt" in event ? event.attempt : undefined;
}
