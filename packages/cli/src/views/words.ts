import {
  breakerWords,
  formatAmount,
  formatCost,
  formatDuration,
  formatSettingDuration,
  formatTokens,
  knownCost,
  scopeWords,
  totalTokens,
  waitReason,
} from "@claude-orchestrator/domain";
import type {
  AttemptState,
  BudgetScope,
  InstanceState,
  RunEvent,
  RunState,
  Spending,
  StopCause,
  Verdict,
  WorkspaceChanges,
} from "@claude-orchestrator/domain";
import type { Glyphs } from "./text/glyphs.ts";
import type { Tone } from "./text/line.ts";

type BudgetChange = Extract<RunEvent, { readonly type: "budget-changed" }>;

/** A state as it is shown: a sign, a word, a tone; the word alone says it all. */
export interface StatusWord {
  readonly glyph: string;
  readonly word: string;
  readonly tone: Tone;
}

const verdictWords: Readonly<Record<Verdict, { word: string; tone: Tone; glyph: keyof Glyphs }>> = {
  succeeded: { word: "succeeded", tone: "good", glyph: "good" },
  failed: { word: "failed", tone: "bad", glyph: "bad" },
  stopped: { word: "stopped", tone: "warn", glyph: "stopped" },
  timed_out: { word: "timed out", tone: "bad", glyph: "bad" },
  budget_exceeded: { word: "over budget", tone: "bad", glyph: "bad" },
  rate_limited: { word: "rate limited", tone: "bad", glyph: "bad" },
  skipped: { word: "skipped", tone: "quiet", glyph: "skipped" },
  incomplete: { word: "incomplete", tone: "bad", glyph: "bad" },
  blocked: { word: "blocked", tone: "bad", glyph: "bad" },
};

export function verdictWord(verdict: Verdict, glyphs: Glyphs): StatusWord {
  const { word, tone, glyph } = verdictWords[verdict];
  return { glyph: glyphs[glyph], word, tone };
}

/** What an instance is doing, in one or two words. `isInterrupted`: nobody supervises its run, so it is at nothing. */
export function phaseWord(instance: InstanceState, glyphs: Glyphs, isInterrupted = false): StatusWord {
  const { phase } = instance;
  if (isInterrupted && ["running", "stopping", "ended"].includes(phase.status)) {
    return { glyph: glyphs.bad, word: "interrupted", tone: "bad" };
  }
  switch (phase.status) {
    case "waiting":
      return { glyph: glyphs.waiting, word: "waiting", tone: "quiet" };
    case "held":
      return { glyph: glyphs.held, word: "held", tone: "warn" };
    case "running":
      return waitReason(instance) === undefined
        ? { glyph: glyphs.running, word: "running", tone: "accent" }
        : { glyph: glyphs.held, word: "waiting", tone: "warn" };
    case "stopping":
      return { glyph: glyphs.running, word: "stopping", tone: "warn" };
    case "ended":
      return { glyph: glyphs.running, word: "settling", tone: "accent" };
    case "retrying":
      return { glyph: glyphs.again, word: "retrying", tone: "warn" };
    case "settled": {
      const settled = verdictWord(phase.verdict, glyphs);
      return phase.verification === "verified" ? { ...settled, word: `${settled.word}, verified` } : settled;
    }
  }
}

/** "$0.1234", "≥$0.1234" for a lower bound, "?" for a price nobody knows, "-" where nothing was spent at all. */
export function costText(spent: Spending, glyphs: Glyphs): string {
  if (spent.costSource === "none") return "-";
  const known = knownCost(spent);
  if (spent.costUsd === undefined) return known > 0 ? `${glyphs.atLeast}${formatCost(known)} + ?` : "?";
  return `${spent.final ? "" : glyphs.atLeast}${formatCost(spent.costUsd)}`;
}

/** "45.2K", "≥45.2K" for a lower bound, "-" for none. */
export function tokensText(spent: Spending, glyphs: Glyphs): string {
  const total = totalTokens(spent.usage);
  if (total === 0) return "-";
  return `${spent.final ? "" : glyphs.atLeast}${formatTokens(total)}`;
}

/** What is left of a wait, rounded up so that it never reads as over before it is: "0.1s", "1.1s", from ten seconds "11s", "1m30s". */
export function waitText(ms: number): string {
  const tenths = Math.ceil(Math.round(Math.max(0, ms)) / 100);
  if (tenths < 100) return `${(tenths / 10).toFixed(1)}s`;
  const seconds = Math.ceil(tenths / 10);
  return seconds < 60 ? `${seconds}s` : formatDuration(seconds * 1000);
}

/** "in 1.1s"; "at once" where nothing is left. */
export function inWait(ms: number): string {
  return Math.round(ms) <= 0 ? "at once" : `in ${waitText(ms)}`;
}

export function countTools(tools: Readonly<Record<string, number>>): number {
  return Object.values(tools).reduce((sum, count) => sum + count, 0);
}

/** Uses by tool over all attempts of an instance. */
export function toolsOf(instance: InstanceState): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (const { tools } of instance.attempts) {
    for (const [name, count] of Object.entries(tools)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

/** The model the newest attempt told of, else the one it was asked for. */
export function modelOf(instance: InstanceState, asked: string | undefined): string {
  return instance.attempts.findLast(({ model }) => model !== undefined)?.model ?? asked ?? "";
}

/** How long the attempt that runs has been running; undefined where none does. */
export function runningFor({ phase }: InstanceState, now: number): number | undefined {
  return phase.status === "running" || phase.status === "stopping" ? Math.max(0, now - phase.since) : undefined;
}

/** How long its attempts have taken together, without what lay between them; undefined where it never started. */
export function elapsedOf({ attempts }: InstanceState, now: number): number | undefined {
  return attempts.length === 0 ? undefined : attempts.reduce((sum, each) => sum + tookOf(each, now), 0);
}

/** Of one that was taken over only what it was seen at work. */
function tookOf({ end, plannedAt, adopted }: AttemptState, now: number): number {
  if (end !== undefined && adopted === true) return Math.round(end.durationMs);
  return Math.max(0, (end?.at ?? now) - plannedAt);
}

export function scopeText(scope: BudgetScope): string {
  switch (scope.kind) {
    case "run":
      return "run";
    case "command":
      return `command ${scope.command}`;
    case "instance":
      return scope.instance;
    case "attempt":
      return `attempt of ${scope.instance}`;
    case "sub_agent":
      return `sub-agent of ${scope.instance}`;
    case "window":
      return `any ${formatSettingDuration(scope.windowMs)}`;
    case "machine":
      return `machine, any ${formatSettingDuration(scope.windowMs)}`;
    case "day":
      return "machine, day";
  }
}

/** What a person has set, as a sentence. */
export function budgetChangeText({ scope, unit, before, limit }: BudgetChange): string {
  const was = before === undefined ? "there was none" : `it was ${formatAmount(unit, before)}`;
  return `the budget of ${scopeWords(scope)} is ${formatAmount(unit, limit)} from now on (${was})`;
}

const timerWords = { wall: "its time", idle: "its idle time", first_event: "the time to its first event" } as const;

/** Why something was stopped, as the end of a sentence. */
export function causeText(cause: StopCause): string {
  switch (cause.kind) {
    case "user":
      return cause.signal === undefined
        ? cause.by === undefined
          ? "asked by you"
          : "asked for"
        : `asked by ${cause.signal}`;
    case "timeout":
      return `${timerWords[cause.timer]} of ${formatSettingDuration(cause.afterMs)} was up`;
    case "budget":
      return `the ${scopeText(cause.scope)} budget is spent`;
    case "breaker":
      return `circuit breaker: ${breakerWords(cause)}`;
    case "internal":
      return cause.message;
  }
}

/** The one instance of a run that was asked for by a bare prompt, without a file; undefined for any other run. */
export function onlyPrompt({ plan, source, instances }: RunState): InstanceState | undefined {
  const [first, ...others] = plan.instances;
  return source === undefined && others.length === 0 && first !== undefined ? instances.get(first.name) : undefined;
}

/** "1 agent", "2 agents". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** "14:05", in the machine's own zone; with the date, "2026-11-25 14:05", where that is not the day of `from`. */
export function clockTime(at: number, from?: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (from !== undefined && date.toDateString() === new Date(from).toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** "3 files changed (+40 -2), 1 commit, 2 not committed"; what there is none of is left out. */
export function changesText({ files, insertions, deletions, commits, uncommitted }: WorkspaceChanges): string {
  if (files === 0 && commits === 0 && uncommitted === 0) return "nothing changed";
  const parts = [`${counted(files, "file")} changed (+${insertions} -${deletions})`];
  if (commits > 0) parts.push(counted(commits, "commit"));
  if (uncommitted > 0) parts.push(`${uncommitted} not committed`);
  return parts.join(", ");
}

/** Why an instance ended so: of a replay, whose differences are lines under each other, those apart from the sentence. */
export function reasonLines(
  reason: string,
  { replay }: Pick<RunState, "replay">,
): { readonly sentence: string; readonly below: readonly string[] } {
  if (replay === undefined) return { sentence: reason, below: [] };
  const [sentence = "", ...below] = reason.split("\n");
  return { sentence, below };
}
