import { appendFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { InstanceState, RunState } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { writeWhole } from "../io/writeWhole.ts";
import { annotations } from "../reports/annotations.ts";
import { junitXml } from "../reports/junit.ts";
import { markdownReport } from "../reports/markdown.ts";
import { resultDocument } from "../reports/resultDocument.ts";
import type { BudgetUse } from "../views/budgetUse.ts";
import { cleanLines } from "../views/text/cleanText.ts";
import { glyphsFor } from "../views/text/glyphs.ts";
import { answerOf } from "../views/summary/answerLines.ts";
import { failureLines } from "../views/summary/failureLines.ts";
import { outcomeLine, summaryLines, uncountedLines } from "../views/summary/summaryLines.ts";
import { costText, onlyPrompt, tokensText } from "../views/words.ts";
import { line, safeText } from "../views/text/line.ts";
import { programName } from "../program/version.ts";
import { formatDuration } from "@claude-orchestrator/domain";

export interface FinishWish {
  readonly json: boolean;
  readonly quiet: boolean;
  /** False: not all of the run is in its log, so whoever asks has been told that its folder cannot be relied on. */
  readonly isRecorded: boolean;
  readonly junit?: string;
  readonly markdown?: string;
}

/**
 * Everything after a run's last event: its result file, the reports asked for, the summary. Gives the sentences about
 * reports that could not be written.
 */
export async function writeReports(
  state: RunState,
  uses: readonly BudgetUse[],
  wish: FinishWish,
  io: Io,
): Promise<readonly string[]> {
  const { junit, markdown } = wish;
  const stepSummary = io.env["GITHUB_STEP_SUMMARY"] ?? "";
  const result = attempt("result.json", () =>
    writeWhole(join(state.directory, "result.json"), `${JSON.stringify(resultDocument(state, uses), undefined, 2)}\n`),
  );
  const tasks = [
    // What kept the log from being written keeps this too: said once.
    wish.isRecorded ? result : result.then(() => undefined),
    ...(junit === undefined ? [] : [attempt(junit, () => writeFile(resolve(io.cwd, junit), junitXml(state)))]),
    ...(markdown === undefined
      ? []
      : [attempt(markdown, () => writeFile(resolve(io.cwd, markdown), markdownReport(state, uses)))]),
    ...(stepSummary === ""
      ? []
      : [attempt("the step summary", () => appendFile(stepSummary, markdownReport(state, uses)))]),
  ];
  const problems = await Promise.all(tasks);
  if (io.env["GITHUB_ACTIONS"] === "true") {
    // Workflow commands are read from standard error as well; standard output is for data.
    io.talk.write(
      annotations(state)
        .map((each) => `${each}\n`)
        .join(""),
    );
  }
  return problems.filter((problem) => problem !== undefined);
}

async function attempt(what: string, write: () => Promise<void>): Promise<string | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    return `${what} could not be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * Prints how it ended. A fleet's summary is what was asked for, so it goes to standard output; of a run of one bare prompt
 * that is the answer, whole and unchanged (a terminal gets it without control characters).
 */
export function printSummary(state: RunState, uses: readonly BudgetUse[], wish: FinishWish, io: Io): void {
  const glyphs = glyphsFor(io.env);
  if (wish.json) {
    if (!wish.quiet) io.talk.lines([outcomeLine(state, { glyphs })]);
    return;
  }
  const only = onlyPrompt(state);
  if (only !== undefined) {
    printAnswer(state, only, io, wish.quiet);
    if (!wish.quiet) io.talk.lines(uncountedLines(uses, io.talk.columns));
    return;
  }
  const options = { columns: io.out.columns, glyphs, program: programName };
  if (wish.quiet) {
    io.out.lines([outcomeLine(state, { glyphs })]);
    io.talk.lines(failureLines(state, { ...options, columns: io.talk.columns }));
    return;
  }
  io.out.lines(summaryLines(state, uses, options));
  if (io.talk.isTTY && !io.out.isTTY) io.talk.lines([outcomeLine(state, { glyphs })]);
}

/** The answer where it succeeded, else why it did not. */
function printAnswer(state: RunState, instance: InstanceState, io: Io, quiet: boolean): void {
  const glyphs = glyphsFor(io.env);
  const answer = answerOf(instance);
  if (answer !== undefined && answer !== "") {
    const text = safeText(io.out.isTTY ? cleanLines(answer) : answer, io.out.paint);
    io.out.write(text.endsWith("\n") ? text : `${text}\n`);
  }
  const options = { columns: io.talk.columns, glyphs, program: programName };
  io.talk.lines(failureLines(state, options));
  if (quiet || state.phase.status !== "settled") return;
  const facts = [
    formatDuration(state.phase.durationMs),
    `${tokensText(instance.spent, glyphs)} tokens`,
    costText(instance.spent, glyphs),
    `${programName} show ${state.id}`,
  ];
  io.talk.lines([line(facts.join("  "), "quiet"), ...(state.demo === undefined ? [] : [line(state.demo, "warn")])]);
}
