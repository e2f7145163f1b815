import { formatDuration, totalSpending, totalTokens, waitReason } from "@claude-orchestrator/domain";
import type { InstancePlan, InstanceState, RunState } from "@claude-orchestrator/domain";
import { countInstances, startOf } from "@claude-orchestrator/domain";
import { budgetLines } from "../budgetLines.ts";
import type { BudgetUse } from "../budgetUse.ts";
import type { Glyphs } from "../text/glyphs.ts";
import type { Line, Span } from "../text/line.ts";
import { fitLine, line, span } from "../text/line.ts";
import { layTellingTable } from "../text/table.ts";
import {
  causeText,
  clockTime,
  costText,
  countTools,
  counted,
  elapsedOf,
  inWait,
  modelOf,
  phaseWord,
  tokensText,
  toolsOf,
  verdictWord,
  waitText,
} from "../words.ts";

export interface Frame {
  /** ms since 1970. */
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly glyphs: Glyphs;
  /** What the person must know while it is so: the second line. */
  readonly notice?: string;
}

/**
 * The whole live view as lines: no line wider than the screen, and no more lines than fit on it. What runs comes first,
 * then what waits; what has settled is folded into a count as soon as room is short.
 */
export function liveLines(state: RunState, uses: readonly BudgetUse[], frame: Frame): readonly Line[] {
  const room = Math.max(1, frame.rows - 1);
  const foot = footLines(state, uses, frame);
  const head = [headLine(state, frame), ...(frame.notice === undefined ? [] : [line(frame.notice, "warn")])];
  const body = instanceLines(state, frame, Math.max(0, room - head.length - foot.length));
  return [...head, ...body, ...foot].slice(0, room).map((each) => fitLine(each, frame.columns));
}

function headLine(state: RunState, { now }: Frame): Line {
  const name = span(state.plan.name === "" ? state.id : state.plan.name, "strong");
  const { phase } = state;
  switch (phase.status) {
    case "created":
      return [name, span("  getting ready", "quiet")];
    case "scheduled":
      return [
        name,
        span(`  starts ${inWait(phase.until - now)}`, "accent"),
        span(`, at ${clockTime(phase.until, now)}`, "quiet"),
      ];
    case "running":
      return [name, span(`  ${elapsed(now - phase.since)}`), span(`  ${countsText(state)}`, "quiet")];
    case "stopping":
      return [
        name,
        span(phase.force ? "  stopping by force" : "  stopping", "warn"),
        span(`, ${causeText(phase.cause)}  ${countsText(state)}`, "quiet"),
      ];
    case "settled":
      return [name, span(`  ${formatDuration(phase.durationMs)}`), span(`  ${countsText(state)}`, "quiet")];
  }
}

/** "3 running, 2 waiting, 5 settled". */
function countsText(state: RunState): string {
  const { running, waiting, settled } = countInstances(state);
  const parts = [
    running > 0 ? `${running} running` : "",
    waiting > 0 ? `${waiting} waiting` : "",
    ...Object.entries(settled).map(([verdict, count]) => `${count} ${verdict.replaceAll("_", " ")}`),
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function footLines(
  state: RunState,
  uses: readonly BudgetUse[],
  { columns, glyphs, now, rows }: Frame,
): readonly Line[] {
  const spent = totalSpending(state);
  const tools = [...state.instances.values()].reduce((sum, each) => sum + countTools(toolsOf(each)), 0);
  const tokens = totalTokens(spent.usage) === 0 ? "0" : tokensText(spent, glyphs);
  const total = line(
    `total  ${tokens} tokens  ${costText(spent, glyphs)}  ${counted(tools, "tool call")}  ${elapsed(now - startOf(state))}`,
    "strong",
  );
  if (state.plan.hideBudgets || state.phase.status === "scheduled") return [total];
  const most = Math.max(0, Math.min(uses.length, Math.floor(rows / 3)));
  const shown = uses.toSorted((a, b) => b.share - a.share).slice(0, most);
  return [
    total,
    ...budgetLines(
      uses.filter((use) => shown.includes(use)),
      columns,
      glyphs,
    ),
  ];
}

interface Row {
  readonly instance: InstanceState;
  readonly plan: InstancePlan;
}

function instanceLines(state: RunState, frame: Frame, room: number): readonly Line[] {
  const rows = state.plan.instances.flatMap((plan): readonly Row[] => {
    const instance = state.instances.get(plan.name);
    return instance === undefined ? [] : [{ instance, plan }];
  });
  const ordered = [...rows.filter(isActive), ...rows.filter(isIdle), ...rows.filter(isSettled)];
  const shown = ordered.length <= room ? ordered : ordered.slice(0, Math.max(0, room - 1));
  const hidden = ordered.slice(shown.length);
  const table = layTellingTable(
    [
      { title: "", rank: 9 },
      { title: "", rank: 8, atLeast: 8 },
      { title: "", rank: 10, shrinkTo: 12, atLeast: 6 },
      { title: "", rank: 2, shrinkTo: 8 },
      { title: "", rank: 7, align: "right", atLeast: 6 },
      { title: "", rank: 4, align: "right", atLeast: 6 },
      { title: "", rank: 6, align: "right", atLeast: 7 },
      { title: "", rank: 1, align: "right" },
      { title: "", rank: 5, shrinkTo: wordsWidth(shown, frame) },
    ],
    shown.map((row) => rowCells(row, frame)),
    { width: frame.columns, titles: false },
  );
  return hidden.length === 0 || room === 0 ? table : [...table, hiddenLine(hidden, frame)];
}

/** Until when and behind whom something waits is at the end of its reason: models and tools give way to that first. */
function wordsWidth(shown: readonly Row[], { columns }: Frame): number {
  const waits = shown.some(({ instance }) => waitReason(instance) !== undefined);
  return waits ? Math.max(12, Math.min(36, Math.floor(columns * 0.45))) : 12;
}

function isActive({ instance: { phase } }: Row): boolean {
  return phase.status === "running" || phase.status === "stopping" || phase.status === "ended";
}

function isSettled({ instance: { phase } }: Row): boolean {
  return phase.status === "settled";
}

function isIdle(row: Row): boolean {
  return !isActive(row) && !isSettled(row);
}

function rowCells({ instance, plan }: Row, { now, glyphs }: Frame): Line {
  const status = phaseWord(instance, glyphs);
  const spent = elapsedOf(instance, now);
  const tools = countTools(toolsOf(instance));
  return [
    { text: status.glyph, tone: status.tone },
    { text: status.word, tone: status.tone },
    { text: instance.name, tone: "strong" },
    { text: modelOf(instance, plan.model) || plan.agent, tone: "quiet" },
    { text: spent === undefined ? "" : elapsed(spent) },
    { text: tokensText(instance.spent, glyphs) },
    { text: costText(instance.spent, glyphs) },
    { text: tools === 0 ? "" : counted(tools, "tool"), tone: "quiet" },
    lastWords(instance, now),
  ];
}

/** What is worth saying of it now: why it waits, or the last thing it said or did. */
function lastWords(instance: InstanceState, now: number): Span {
  const { phase } = instance;
  switch (phase.status) {
    case "held":
      return span(
        phase.until === undefined || phase.until <= now
          ? phase.reason
          : `${waitText(phase.until - now)} left: ${phase.reason}`,
        "warn",
      );
    case "retrying":
      return span(`attempt ${phase.attempt} ${inWait(phase.until - now)}: ${phase.reason}`, "warn");
    case "stopping":
      return span(causeText(phase.cause), "warn");
    case "settled":
      return span(phase.verdict === "succeeded" ? lastText(instance) : phase.reason, "quiet");
    default:
      return span(lastText(instance), "quiet");
  }
}

function lastText(instance: InstanceState): string {
  return (instance.attempts.at(-1)?.last?.text ?? "").trim().split("\n").at(-1) ?? "";
}

/** "+ 12 more: 3 running, 9 succeeded". */
function hiddenLine(hidden: readonly Row[], { glyphs }: Frame): Line {
  const counts = new Map<string, number>();
  for (const { instance } of hidden) {
    const word =
      instance.phase.status === "settled"
        ? verdictWord(instance.phase.verdict, glyphs).word
        : phaseWord(instance, glyphs).word;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const parts = [...counts].map(([word, count]) => `${count} ${word}`);
  return line(`+ ${hidden.length} more: ${parts.join(", ")}`, "quiet");
}

/** Whole seconds under a minute, so that nothing changes more often than once a second. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  return seconds < 60 ? `${seconds}s` : formatDuration(seconds * 1000);
}
