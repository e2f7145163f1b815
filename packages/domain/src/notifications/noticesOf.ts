import type { AgentFailure } from "../agentEvent.ts";
import { scopeKey, scopeWords } from "../budget.ts";
import type { LoggedEvent, RunOutcome } from "../events.ts";
import { formatAmount, formatDuration } from "../format.ts";
import type { BudgetScope, NoticeKind, NotifyTarget } from "../plan.ts";
import { countInstances, reduceRun } from "../runState.ts";
import type { RunState } from "../runState.ts";

/** Something a person may want to be told. */
export interface Notice {
  readonly kind: NoticeKind;
  /** What it is about: of notices of one run with the same kind and subject only the first is told. */
  readonly subject: string;
  /** One sentence, as short as a title. */
  readonly title: string;
  /** Why, in a sentence; may be empty. */
  readonly text: string;
  readonly instance?: string;
  /** ms since 1970: when the event happened. */
  readonly at: number;
}

/** Blocked instances told one by one. */
const mostBlocked = 10;

type EventOf<Type extends LoggedEvent["type"]> = Extract<LoggedEvent, { type: Type }>;
type Words = Pick<Notice, "kind" | "subject" | "title" | "text"> & { readonly instance?: string };

/**
 * What an event gives to tell. Pure: the same log gives the same notices, so whoever takes a run up again finds those that
 * were not delivered.
 *
 * @param before the state without the event
 */
export function noticesOf(before: RunState | undefined, event: LoggedEvent): readonly Notice[] {
  const words = before === undefined ? [] : wordsOf(before, event);
  return words.map((each) => ({ ...each, at: event.at }));
}

/** A failed run has finished as well; a target that asks for both is told once. */
export function wantsNotice({ on }: NotifyTarget, { kind }: Notice): boolean {
  return on.includes(kind) || (kind === "failed" && on.includes("finished"));
}

function wordsOf(before: RunState, event: LoggedEvent): readonly Words[] {
  switch (event.type) {
    case "run-settled":
      return [settledWords(before, event)];
    case "run-paused":
      return event.cause.kind === "storage" ? [storageWords(event.cause.message)] : [];
    case "budget-warned":
      return [warnedWords(event)];
    case "budget-exceeded":
      return event.enforcement === "pause" ? [pausedWords(event)] : [];
    case "limit-observed":
      return event.status === "rejected" ? [limitWords(before, event)] : [];
    case "attempt-ended":
      return failureWords(before, event.instance, event.failure);
    case "instance-settled":
      return event.verdict === "blocked" ? blockedWords(before, event) : [];
    default:
      return [];
  }
}

/** The log cannot be written: also told where no event can say so. */
export function storageNotice(message: string, at: number): Notice {
  return { ...storageWords(message), at };
}

function storageWords(message: string): Words {
  return attention("storage", "The run is paused: its log cannot be written", message);
}

function attention(subject: string, title: string, text: string): Words {
  return { kind: "needs_attention", subject, title, text };
}

const outcomeWords: Readonly<Record<RunOutcome, string>> = {
  succeeded: "succeeded",
  failed: "failed",
  budget_exceeded: "was ended by its budget",
  stopped: "was stopped",
};

function settledWords(before: RunState, event: EventOf<"run-settled">): Words {
  const after = reduceRun(before, event) ?? before;
  const { settled } = countInstances(after);
  const counts = Object.entries(settled).map(([verdict, count]) => `${count} ${verdict.replaceAll("_", " ")}`);
  return {
    kind: event.outcome === "failed" || event.outcome === "budget_exceeded" ? "failed" : "finished",
    // A run that is asked for again ends again, and that is news.
    subject: `settled ${event.seq}`,
    title: `The run ${outcomeWords[event.outcome]} after ${formatDuration(event.durationMs)}`,
    text: counts.join(", "),
  };
}

function warnedWords(event: EventOf<"budget-warned">): Words {
  const { scope, unit, limit, used, threshold } = event;
  const percent = Math.round(threshold * 100);
  return {
    kind: threshold >= 1 ? "budget_100" : "budget_80",
    subject: `budget ${scopeKey(scope)} ${unit} ${limit}`,
    title: `${percent} % of the budget of ${plainScopeWords(scope)} is used`,
    text: `${formatAmount(unit, used)} of ${formatAmount(unit, limit)}`,
  };
}

function pausedWords({ scope, unit, limit, used }: EventOf<"budget-exceeded">): Words {
  const title = `New starts wait: the budget of ${plainScopeWords(scope)} is spent`;
  const text = `${formatAmount(unit, used)} of ${formatAmount(unit, limit)}`;
  return attention(`budget pause ${scopeKey(scope)} ${unit} ${limit}`, title, text);
}

function limitWords(before: RunState, event: EventOf<"limit-observed">): Words {
  const agent = agentOf(before, event.instance);
  const resets = event.resetsAt === undefined ? "" : `it resets at ${isoTime(event.resetsAt)}`;
  const title = `The usage window ${event.window} of ${agent} is used up`;
  return attention(`usage ${agent} ${event.window} ${event.resetsAt ?? ""}`, title, resets);
}

/** A sign-in or an account that is refused stops every instance of its agent: told once for all of them. */
function failureWords(before: RunState, instance: string, failure: AgentFailure | undefined): readonly Words[] {
  if (failure?.kind !== "authentication" && failure?.kind !== "billing") return [];
  const agent = agentOf(before, instance);
  const what = failure.kind === "billing" ? "account" : "sign-in";
  const words = attention(`${failure.kind} ${agent}`, `The ${what} of ${agent} was refused`, failure.message);
  return [{ ...words, instance }];
}

/** Each one, but not three hundred of them: what blocks the tenth blocks the rest. */
function blockedWords(before: RunState, { instance, reason }: EventOf<"instance-settled">): readonly Words[] {
  const earlier = countInstances(before).settled.blocked ?? 0;
  if (earlier >= mostBlocked) return [];
  const isLast = earlier === mostBlocked - 1;
  const text = isLast ? `${reason}. Instances that are blocked after this one are not told of` : reason;
  return [{ ...attention(`blocked ${instance}`, `${instance} is blocked`, text), instance }];
}

function agentOf(state: RunState, instance: string): string {
  return state.instances.get(instance)?.attempts.at(-1)?.agent ?? "the agent";
}

/** Without the signs around names, which a message shows as they are. */
function plainScopeWords(scope: BudgetScope): string {
  return scopeWords(scope).replaceAll("`", "");
}

/** To the minute, in UTC: a pure room knows no zone. */
function isoTime(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "an unknown time" : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
