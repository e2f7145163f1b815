import { formatDuration, totalSpending, wishWords } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import type { BudgetUse } from "../budgetUse.ts";
import { budgetLines, uncountedSentence } from "../budgetLines.ts";
import { pastSentences, pathSentences } from "../budgetPath.ts";
import type { Glyphs } from "../text/glyphs.ts";
import type { Line, Span } from "../text/line.ts";
import { waitLines } from "../waitLines.ts";
import { line, span, wrappedLines } from "../text/line.ts";
import { answerLines } from "./answerLines.ts";
import { failureLines } from "./failureLines.ts";
import { moneyLines } from "./moneyLines.ts";
import { costByModelLines, instanceTableLines, toolLines } from "./tableLines.ts";
import { clockTime, counted, verdictWord } from "../words.ts";

const mostWishLines = 10;

export interface SummaryOptions {
  /** Infinity where the output is no terminal: nothing is cut then. */
  readonly columns: number;
  readonly glyphs: Glyphs;
  /** What the person types before a command's name. */
  readonly program: string;
  /** ms since 1970: what still runs is told with its time until then. */
  readonly now?: number;
  /** True: nobody supervises it any more, so nothing of it is at work, whatever its log ends with. */
  readonly isInterrupted?: boolean;
  /** How a run that has not settled stands, where that is known: the rest of a sentence about it. */
  readonly standing?: string;
}

/**
 * Everything worth telling at the end of a run, section by section: the outcome, the table, why what waits waits, why what failed failed, the
 * answers, tools, cost by model, what the cache saved and failed work cost, budgets, where the files are. A pure fold of the log like every view.
 */
export function summaryLines(state: RunState, uses: readonly BudgetUse[], options: SummaryOptions): readonly Line[] {
  return sections([
    [outcomeLine(state, options)],
    instanceTableLines(state, options),
    options.isInterrupted === true ? [] : waitLines(state, options.columns),
    failureLines(state, options),
    answerLines(state, options),
    toolLines(state, options),
    costByModelLines(state, options),
    moneyLines(state, options),
    uses.length === 0 || state.plan.hideBudgets
      ? pastSentences(state).flatMap((each) => wrappedLines(each, options.columns, { tone: "quiet" }))
      : [
          ...budgetLines(uses, options.columns, options.glyphs),
          ...pathSentences(state).flatMap((each) => wrappedLines(each, options.columns, { tone: "quiet" })),
        ],
    uncountedLines(uses, options.columns),
    wishLines(state, options.columns),
    placeLines(state, options),
  ]);
}

/** What was done to it through a server, and by whom; the newest, where it is much. */
function wishLines({ wishes = [] }: RunState, columns: number): readonly Line[] {
  const shown = wishes.slice(-mostWishLines);
  return shown.flatMap((wish) =>
    wrappedLines(`${clockTime(wish.at, shown.at(-1)?.at ?? wish.at)}  ${wishWords(wish)}`, columns, { tone: "quiet" }),
  );
}

/** What a budget could not count; said even where the bars are hidden, for it is no ornament. */
export function uncountedLines(uses: readonly BudgetUse[], columns: number): readonly Line[] {
  const sentence = uncountedSentence(uses);
  return sentence === undefined ? [] : wrappedLines(sentence, columns, { tone: "warn" });
}

/** An empty line between sections, none around empty ones. */
function sections(parts: readonly (readonly Line[])[]): readonly Line[] {
  return parts.filter((part) => part.length > 0).flatMap((part, at) => (at === 0 ? part : [line(""), ...part]));
}

/** One line that says how the whole run went: all that `--quiet` prints of a fleet. */
export function outcomeLine(
  state: RunState,
  { glyphs, standing }: { readonly glyphs: Glyphs; readonly standing?: string },
): Line {
  const name = span(state.plan.name === "" ? state.id : state.plan.name, "strong");
  const { phase } = state;
  if (phase.status !== "settled")
    return [
      name,
      span(`  ${standing ?? "has not settled: it still runs, or its program ended before it did"}`, "warn"),
    ];
  const counts = new Map<string, number>();
  for (const instance of state.instances.values()) {
    if (instance.phase.status !== "settled") continue;
    const { word } = verdictWord(instance.phase.verdict, glyphs);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const word = phase.outcome.replaceAll("_", " ");
  const good = phase.outcome === "succeeded";
  return [
    span(`${good ? glyphs.good : glyphs.bad} `, good ? "good" : "bad"),
    name,
    span(` ${word}`, good ? "good" : "bad"),
    span(
      ` in ${formatDuration(phase.durationMs)}: ${[...counts].map(([each, count]) => `${count} ${each}`).join(", ") || counted(0, "instance")}`,
    ),
  ];
}

function placeLines(state: RunState, { program, columns, glyphs }: SummaryOptions): readonly Line[] {
  const spent = totalSpending(state);
  const isLowerBound = !spent.final && spent.costSource !== "none";
  const notes = [
    ...(state.demo === undefined ? [] : [{ text: state.demo, tone: "warn" as const }]),
    ...(isLowerBound
      ? [
          {
            text: `Figures are a lower bound where marked ${glyphs.atLeast}: an agent ended before it told its own totals`,
          },
        ]
      : []),
    { text: `files    ${state.directory}` },
    { text: `again    ${program} show ${state.id}` },
  ];
  return notes.flatMap(({ text, tone = "quiet" }: Span) => wrappedLines(text, columns, { tone }));
}
