import {
  breakerWords,
  formatAmount,
  formatDuration,
  scopeWords,
  totalTokens,
  wisherOf,
  wisherWords,
} from "@claude-orchestrator/domain";
import type { Activity, LoggedEvent, PauseCause, PreparedWorkspace, RunState } from "@claude-orchestrator/domain";
import type { Glyphs } from "../text/glyphs.ts";
import type { Line, Tone } from "../text/line.ts";
import { span } from "../text/line.ts";
import {
  changesText,
  causeText,
  clockTime,
  costText,
  elapsedOf,
  counted,
  inWait,
  onlyPrompt,
  reasonLines,
  scopeText,
  budgetChangeText,
  tokensText,
  verdictWord,
  waitText,
} from "../words.ts";

export interface PlainOptions {
  readonly verbose: boolean;
  readonly glyphs: Glyphs;
  /** True where the end tells of a run of one prompt why it failed: then it is not told here too. */
  readonly endFollows: boolean;
}

/**
 * What one event says to someone who reads line by line: usually one line, none where nothing changed. `state` is the fold
 * including the event. Each line begins with the time since the run was made and the name of what it is about.
 */
export function plainLines(event: LoggedEvent, state: RunState, options: PlainOptions): readonly Line[] {
  const name = "instance" in event ? event.instance : state.plan.name || state.id;
  const by = wisherOf(event);
  const whose = by === undefined ? "" : `, by ${wisherWords(by)}`;
  return sentences(event.type, event, { state, options }).flatMap(({ text, tone, below = [] }, at): readonly Line[] => [
    [
      span(`${formatDuration(event.at - state.createdAt).padStart(7)}  `, "quiet"),
      span(name, "strong"),
      span(`  ${text}${at === 0 ? whose : ""}`, tone),
    ],
    ...below.map((each) => [span(`${" ".repeat(11)}${each}`, tone)]),
  ]);
}

interface Sentence {
  readonly text: string;
  readonly tone?: Tone;
  /** What only lines of their own can show. */
  readonly below?: readonly string[];
}

type EventType = LoggedEvent["type"];
type EventOf<Type extends EventType> = { [Each in Type]: Extract<LoggedEvent, { type: Each }> }[Type];

interface Context {
  readonly state: RunState;
  readonly options: PlainOptions;
}

/** A sayer per event type: the compiler makes us list them all. */
const sayers: {
  readonly [Type in EventType]: (event: EventOf<Type>, context: Context) => readonly Sentence[];
} = {
  "run-created": (event) => [
    {
      text: `is ${event.id}: ${counted(event.plan.instances.length, "instance")}, at most ${event.plan.concurrency} at once`,
    },
    { text: `files in ${event.directory}`, tone: "quiet" },
  ],
  "run-scheduled": (event) => [
    { text: `starts ${inWait(event.until - event.at)}, at ${clockTime(event.until, event.at)}`, tone: "accent" },
  ],
  "run-started": () => [{ text: "started" }],
  "run-resumed": (event) => [
    { text: "goes on under another supervisor", tone: "accent" },
    ...event.lost.map((text) => ({ text: `the log had been damaged: ${text}`, tone: "bad" }) as const),
  ],
  "plan-changed": () => [{ text: "its file has changed, which was accepted", tone: "warn" }],
  "run-paused": (event) => [{ text: pauseSentence(event.cause), tone: "warn" }],
  "run-unpaused": () => [{ text: "goes on: instances start again", tone: "accent" }],
  "run-reopened": (event) => [{ text: `asked for again: ${event.instances.join(", ")}`, tone: "accent" }],
  "budget-warned": (event) => [
    { text: budgetSentence(event, `${Math.round(event.threshold * 100)} % of`), tone: "warn" },
  ],
  "budget-exceeded": (event) => [
    {
      text: `${budgetSentence(event, "spent:")}, ${event.enforcement === "block" ? "no more of what it covers is started" : "new starts wait"}`,
      tone: "bad",
    },
  ],
  "budget-observed": () => [],
  "budget-changed": (event) => [{ text: budgetChangeText(event), tone: "accent" }],
  "model-downgraded": (event) => [
    { text: `goes on with ${event.model}, as the budget of ${scopeWords(event.scope)} asks for`, tone: "warn" },
  ],
  "run-stopping": (event) => [
    { text: `${event.force ? "stopping by force" : "stopping"}: ${causeText(event.cause)}`, tone: "warn" },
  ],
  "run-settled": (event) => [
    {
      text: `${event.outcome.replaceAll("_", " ")} after ${formatDuration(event.durationMs)}`,
      tone: event.outcome === "succeeded" ? "good" : "bad",
    },
  ],
  "limit-observed": (event) => limitSentences(event),
  "attempt-planned": (event) => [{ text: startSentence(event) }],
  "attempt-started": (event, { options }) =>
    options.verbose ? [{ text: `process ${event.process.pid}`, tone: "quiet" }] : [],
  "attempt-adopted": (event) => [{ text: event.wasGone === true ? goneSentence : "taken over at its work" }],
  "workspace-noted": () => [],
  "workspace-prepared": ({ workspace }) => [{ text: workspaceSentence(workspace), tone: "quiet" }],
  "workspace-recorded": ({ changes }) => [{ text: changesText(changes), tone: "quiet" }],
  "attempt-identified": (event, { options }) =>
    options.verbose ? [{ text: identitySentence(event), tone: "quiet" }] : [],
  "attempt-progressed": (event, { options }) =>
    event.activity.filter(({ kind }) => options.verbose || kind === "waiting").map(activitySentence),
  "attempt-denied": (event) => [{ text: `was not allowed ${event.tool}: ${event.reason}`, tone: "warn" }],
  "request-reserved": () => [],
  "request-settled": (event, { options }) => (options.verbose ? [{ text: requestSentence(event), tone: "quiet" }] : []),
  "request-refused": (event) => [{ text: `a request was not sent: ${event.reason}`, tone: "bad" }],
  "breaker-tripped": (event) => [
    {
      text: `circuit breaker: ${breakerWords(event)}${event.action === "warn" ? "" : ", so it is stopped"}`,
      tone: event.action === "warn" ? "warn" : "bad",
    },
  ],
  "attempt-stopping": (event) => [{ text: `stopping: ${causeText(event.cause)}`, tone: "warn" }],
  "check-finished": (event) => [
    event.ok
      ? { text: `check held: ${event.check}`, tone: "good" }
      : { text: `check failed: ${event.check}${event.detail === "" ? "" : ` (${event.detail})`}`, tone: "bad" },
  ],
  "attempt-ended": (event, { options }) =>
    options.verbose ? [{ text: `attempt ${event.attempt} ended: ${event.reason}`, tone: "quiet" }] : [],
  "retry-scheduled": (event) => [
    {
      text: `attempt ${event.attempt} ${inWait(event.until - event.at)}${event.resume ? ", continuing its session" : ""}: ${event.reason}`,
      tone: "warn",
    },
  ],
  "instance-held": (event) => [
    {
      text: `held${event.until === undefined || event.until <= event.at ? "" : ` for ${waitText(event.until - event.at)}`}: ${event.reason}`,
      tone: "warn",
    },
  ],
  "instance-settled": (event, { state, options }) => [settledSentence(event, state, options)],
};

/** A newer writer may log events we have never heard of: they say nothing here. */
function sentences<Type extends EventType>(type: Type, event: EventOf<Type>, context: Context): readonly Sentence[] {
  return Object.hasOwn(sayers, type) ? sayers[type](event, context) : [];
}

const goneSentence = "was at work when the supervisor went, and is no more: its output is read to the end";

function pauseSentence(cause: PauseCause): string {
  const why = cause.kind === "user" ? "on request" : cause.message;
  return `paused: nothing more starts, what runs goes on (${why})`;
}

function startSentence(event: Extract<LoggedEvent, { type: "attempt-planned" }>): string {
  const model = event.model === undefined ? "" : `, ${event.model}`;
  return `started (${event.agent}${model})${event.attempt > 1 ? `, attempt ${event.attempt}` : ""}`;
}

function workspaceSentence({ kind, path, branch }: PreparedWorkspace): string {
  return branch === undefined ? `works in ${path} (a ${kind})` : `works in ${path} (branch ${branch})`;
}

function identitySentence(event: Extract<LoggedEvent, { type: "attempt-identified" }>): string {
  const parts = [
    event.model === undefined ? "" : `model ${event.model}`,
    event.agentVersion === undefined ? "" : `version ${event.agentVersion}`,
    event.permissionMode === undefined ? "" : `permissions ${event.permissionMode}`,
    event.sessionId === undefined ? "" : `session ${event.sessionId}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

const activityWords: Readonly<Record<Activity["kind"], string>> = {
  text: "says",
  thinking: "thinks",
  tool: "uses",
  "tool-ok": "tool done",
  "tool-failed": "tool failed",
  waiting: "waits",
  note: "notes",
};

function activitySentence({ kind, text }: Activity): Sentence {
  return {
    text: `${activityWords[kind]}: ${text}`,
    tone: kind === "tool-failed" || kind === "waiting" ? "warn" : "quiet",
  };
}

function requestSentence(event: Extract<LoggedEvent, { type: "request-settled" }>): string {
  const cost = event.costUsd === undefined ? "unknown cost" : formatAmount("cost_usd", event.costUsd);
  const sure = event.counted === "reported" ? "" : ` (${event.counted})`;
  return `request ${event.request} ${event.outcome}: ${formatAmount("tokens", totalTokens(event.usage))}, ${cost}${sure}`;
}

function budgetSentence(
  event: Extract<LoggedEvent, { type: "budget-warned" | "budget-exceeded" }>,
  how: string,
): string {
  return `budget ${scopeText(event.scope)}: ${how} ${formatAmount(event.unit, event.limit)} (${formatAmount(event.unit, event.used)} used)`;
}

function limitSentences(event: Extract<LoggedEvent, { type: "limit-observed" }>): readonly Sentence[] {
  if (event.status === "allowed") return [];
  const share = event.utilization === undefined ? "" : `, ${Math.round(event.utilization * 100)} % used`;
  const resets =
    event.resetsAt === undefined
      ? ""
      : `, resets at ${clockTime(event.resetsAt, event.at)} (${inWait(event.resetsAt - event.at)})`;
  const word = event.status === "rejected" ? "is used up" : "is nearly used up";
  return [{ text: `the account's usage window ${event.window} ${word}${share}${resets}`, tone: "warn" }];
}

function settledSentence(
  event: Extract<LoggedEvent, { type: "instance-settled" }>,
  state: RunState,
  { glyphs, endFollows }: PlainOptions,
): Sentence {
  const { glyph, word, tone } = verdictWord(event.verdict, glyphs);
  const isToldAtEnd = endFollows && onlyPrompt(state) !== undefined;
  const verified = event.verification === "verified" ? ", verified" : "";
  const instance = state.instances.get(event.instance);
  const elapsed = instance === undefined ? undefined : elapsedOf(instance, event.at);
  const { sentence, below } = reasonLines(event.reason, state);
  const isSilent = event.verdict === "succeeded" || isToldAtEnd;
  const why = isSilent ? { text: "", below: [] } : { text: `: ${sentence}`, below };
  if (instance === undefined || elapsed === undefined) {
    return { text: `${glyph} ${word}${why.text}`, tone, below: why.below };
  }
  const facts = [formatDuration(elapsed)];
  if (totalTokens(instance.spent.usage) > 0) facts.push(`${tokensText(instance.spent, glyphs)} tokens`);
  if (instance.spent.costSource !== "none") facts.push(costText(instance.spent, glyphs));
  return { text: `${glyph} ${word}${verified} (${facts.join(", ")})${why.text}`, tone, below: why.below };
}
