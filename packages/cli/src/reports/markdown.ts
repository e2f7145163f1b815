import { formatDuration, totalSpending } from "@claude-orchestrator/domain";
import type { InstanceState, RunState } from "@claude-orchestrator/domain";
import { percent, uncountedSentence, usedText } from "../views/budgetLines.ts";
import type { BudgetUse } from "../views/budgetUse.ts";
import { cleanLine, cleanLines } from "../views/text/cleanText.ts";
import { unicodeGlyphs } from "../views/text/glyphs.ts";
import { renderLine } from "../views/text/line.ts";
import { noPaint } from "../views/text/paint.ts";
import { lastResultOf } from "../views/summary/answerLines.ts";
import { outcomeLine } from "../views/summary/summaryLines.ts";
import type { SummaryOptions } from "../views/summary/summaryLines.ts";
import {
  costText,
  countTools,
  elapsedOf,
  modelOf,
  phaseWord,
  runningFor,
  scopeText,
  tokensText,
  toolsOf,
} from "../views/words.ts";
import { formatAmount } from "@claude-orchestrator/domain";

const shortAnswer = 400;
const longestAnswer = 20_000;

/** How a run that has not settled is told. */
type Seen = Pick<SummaryOptions, "now" | "isInterrupted">;

/** The run as GitHub Markdown, fit for a pull request or a step summary; long answers are folded away. */
export function markdownReport(state: RunState, uses: readonly BudgetUse[], seen: Seen = {}): string {
  const parts = [
    `### ${escapeText(renderLine(outcomeLine(state, { glyphs: unicodeGlyphs }), noPaint))}`,
    ...(state.demo === undefined ? [] : [`> ${escapeText(state.demo)}`]),
    table(state, seen),
    ...[...state.instances.values()].flatMap(failurePart),
    ...[...state.instances.values()].flatMap(answerPart),
    ...budgetPart(uses),
    `<sub>Run \`${state.id}\`, claude-orchestrator ${escapeText(state.version)}</sub>`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function table(state: RunState, seen: Seen): string {
  const rows = state.plan.instances.flatMap((plan) => {
    const instance = state.instances.get(plan.name);
    return instance === undefined ? [] : [row(instance, modelOf(instance, plan.model) || plan.agent, seen)];
  });
  const spent = totalSpending(state);
  const total = `| **total** | | | | ${tokensText(spent, unicodeGlyphs)} | ${costText(spent, unicodeGlyphs)} | |`;
  return [
    "| instance | status | model | time | tokens | cost | tools |",
    "| --- | --- | --- | ---: | ---: | ---: | ---: |",
    ...rows,
    ...(rows.length > 1 ? [total] : []),
  ].join("\n");
}

function row(instance: InstanceState, model: string, { now, isInterrupted }: Seen): string {
  const status = phaseWord(instance, unicodeGlyphs, isInterrupted);
  const time =
    (now === undefined ? undefined : runningFor(instance, now)) ??
    elapsedOf(instance, instance.attempts.at(-1)?.end?.at ?? 0);
  const tools = countTools(toolsOf(instance));
  const cells = [
    instance.name,
    `${status.glyph} ${status.word}${instance.attempts.length > 1 ? ` (${instance.attempts.length} attempts)` : ""}`,
    model,
    time === undefined ? "-" : formatDuration(time),
    tokensText(instance.spent, unicodeGlyphs),
    costText(instance.spent, unicodeGlyphs),
    tools === 0 ? "-" : String(tools),
  ];
  return `| ${cells.map(escapeText).join(" | ")} |`;
}

function failurePart(instance: InstanceState): readonly string[] {
  const { phase } = instance;
  if (phase.status !== "settled" || phase.verdict === "succeeded") return [];
  const lines = instance.attempts.at(-1)?.end?.lastLines ?? [];
  const head = `**${escapeText(instance.name)}** ${phase.verdict.replaceAll("_", " ")}: ${escapeText(phase.reason)}`;
  return lines.length === 0 ? [head] : [head, fenced(lines.join("\n"))];
}

function answerPart(instance: InstanceState): readonly string[] {
  const answer = cleanLines(lastResultOf(instance) ?? "").trim();
  if (answer === "") return [];
  const shown = answer.length > longestAnswer ? `${answer.slice(0, longestAnswer)}\n… (cut)` : answer;
  const isAnswer = instance.phase.status === "settled" && instance.phase.verdict === "succeeded";
  if (isAnswer && answer.length <= shortAnswer && !answer.includes("\n")) {
    return [`**${escapeText(instance.name)}**: ${escapeText(shown)}`];
  }
  return [
    `<details><summary>${escapeText(instance.name)}: ${isAnswer ? "answer" : "what it left"}</summary>\n\n${fenced(shown)}\n\n</details>`,
  ];
}

function budgetPart(uses: readonly BudgetUse[]): readonly string[] {
  if (uses.length === 0) return [];
  const lines = uses.map((use) => {
    const limit = formatAmount(use.limit.unit, use.limit.limit);
    return `- budget ${escapeText(scopeText(use.limit.scope))}: ${usedText(use, unicodeGlyphs)} of ${limit} (${percent(use.share)})`;
  });
  const uncounted = uncountedSentence(uses);
  return [lines.join("\n"), ...(uncounted === undefined ? [] : [escapeText(uncounted)])];
}

/** A code block whose fence is longer than any in the text: an answer cannot break out of it. */
function fenced(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}text\n${cleanLines(text)}\n${fence}`;
}

/** Text on one line that Markdown and HTML leave alone, also inside a table cell; nobody is mentioned by it. */
export function escapeText(text: string): string {
  return cleanLine(text)
    .replace(/[\\`*_{}[\]#|~!]/g, (sign) => `\\${sign}`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "@\u200b");
}
