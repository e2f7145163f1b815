import { shellWord } from "@claude-orchestrator/domain";
import { join } from "node:path";
import type { AttemptState, InstanceState, RunState, Verdict } from "@claude-orchestrator/domain";
import type { Line, Span } from "../text/line.ts";
import { headAndSentence, line, span, wrappedLines } from "../text/line.ts";
import { cleanLines } from "../text/cleanText.ts";
import { clockTime, counted, reasonLines, verdictWord } from "../words.ts";
import type { SummaryOptions } from "./summaryLines.ts";

const shownLines = 8;

/** Ends that are not the instance's own doing: one line each. */
const quietVerdicts = new Set<Verdict>(["skipped", "stopped"]);

/** Why each instance that did not succeed did not, with its last useful lines and where all of its output is. */
export function failureLines(state: RunState, options: SummaryOptions): readonly Line[] {
  const unsuccessful = [...state.instances.values()].filter(
    ({ phase }) => phase.status === "settled" && phase.verdict !== "succeeded",
  );
  const isQuiet = ({ phase }: InstanceState): boolean => phase.status === "settled" && quietVerdicts.has(phase.verdict);
  const loud = unsuccessful.filter((instance) => !isQuiet(instance));
  const quiet = unsuccessful.filter(isQuiet);
  const lines = loud.flatMap((instance, at) => [
    ...(at === 0 ? [] : [line("")]),
    ...oneFailure(state, instance, options),
  ]);
  const gap = lines.length > 0 && quiet.length > 0 ? [line("")] : [];
  return [...lines, ...gap, ...quiet.flatMap((instance) => quietLines(instance, options))];
}

function quietLines({ name, phase }: InstanceState, { columns }: SummaryOptions): readonly Line[] {
  if (phase.status !== "settled") return [];
  return headAndSentence([span(name, "strong"), span(` ${phase.verdict}:`)], span(phase.reason, "quiet"), columns);
}

function oneFailure(state: RunState, instance: InstanceState, options: SummaryOptions): readonly Line[] {
  const { phase } = instance;
  if (phase.status !== "settled") return [];
  const { glyphs, columns } = options;
  const { glyph, word, tone } = verdictWord(phase.verdict, glyphs);
  const tries = instance.attempts.length > 1 ? ` after ${counted(instance.attempts.length, "attempt")}` : "";
  const head: Line = [span(`${glyph} `, tone), span(instance.name, "strong"), span(` ${word}${tries}:`, tone)];
  const last = instance.attempts.at(-1);
  const { sentence, below } = reasonLines(phase.reason, state);
  return [
    ...headAndSentence(head, span(sentence, tone), columns),
    // A difference is read by its columns: nothing of it is put on other lines.
    ...below.map((each) => line(`    ${each}`, tone)),
    ...(last === undefined ? [] : attemptLines(last, phase.reason, columns)),
    ...(last === undefined ? [] : placeLines(state, instance.name, last, options)),
  ];
}

/** What is known of the last attempt beyond the one sentence. */
function attemptLines({ end, checks, denied }: AttemptState, reason: string, columns: number): readonly Line[] {
  const failure = end?.failure;
  const said = failure === undefined || reason.includes(failure.message) ? [] : [span(failure.message, "bad")];
  const resets =
    failure?.resetsAt === undefined ? [] : [span(`the limit lifts at ${clockTime(failure.resetsAt, end?.at)}`, "warn")];
  // The sentence often ends with the very line it was taken from.
  const isSaid = (text: string): boolean =>
    failure?.message === text || reason === text || reason.endsWith(`: ${text}`);
  const spans: readonly Span[] = [
    ...said,
    ...resets,
    ...checks
      .filter(({ ok, check }) => !ok && !reason.includes(check))
      .map(({ check, detail }) => span(`check failed: ${check}${detail === "" ? "" : ` (${detail})`}`, "bad")),
    ...denied.map(({ tool, reason: why }) => span(`not allowed: ${tool}: ${why}`, "warn")),
  ];
  // An answer that was not accepted is shown among the answers.
  const isAnswer = end?.verification === "refuted";
  const lastLines = isAnswer ? [] : (end?.lastLines ?? []);
  const printed = lastLines.slice(-shownLines).flatMap((each) => cleanLines(each).split("\n"));
  return [
    ...spans.flatMap(({ text, tone = "quiet" }) => wrappedLines(text, columns, { indent: "    ", tone })),
    ...printed.filter((each) => each.trim() !== "" && !isSaid(each.trim())).map((each) => line(`    ${each}`, "quiet")),
  ];
}

function placeLines(
  state: RunState,
  name: string,
  { files }: AttemptState,
  { program, columns }: SummaryOptions,
): readonly Line[] {
  return [
    `all of it: ${program} logs ${state.id} ${shellWord(name)}`,
    `files: ${join(state.directory, files.stdout)}, .stderr`,
  ].flatMap((text) => wrappedLines(text, columns, { indent: "    ", tone: "quiet" }));
}
