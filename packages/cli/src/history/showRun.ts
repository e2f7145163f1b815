import { formatDuration, totalTokens } from "@claude-orchestrator/domain";
import type { AttemptState, InstanceState } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import { standingOf, standingSentence } from "../supervise/standing.ts";
import type { Standing } from "../supervise/standing.ts";
import { markdownReport } from "../reports/markdown.ts";
import { resultDocument } from "../reports/resultDocument.ts";
import { cleanLines } from "../views/text/cleanText.ts";
import { glyphsFor } from "../views/text/glyphs.ts";
import { line, safeText, span } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";
import { lastResultOf } from "../views/summary/answerLines.ts";
import { failureLines } from "../views/summary/failureLines.ts";
import { summaryLines } from "../views/summary/summaryLines.ts";
import { costText, counted, phaseWord, runningFor, tokensText } from "../views/words.ts";
import { instanceOf, openRun } from "./openRun.ts";
import type { OpenedRun } from "./openRun.ts";

export interface ShowFlags {
  readonly json: boolean;
  readonly markdown: boolean;
  readonly "runs-dir": string | undefined;
}

/** `show RUN [INSTANCE]`: the summary again, or one instance with its whole answer. */
export function showRun([text = "", name]: readonly string[], flags: ShowFlags, io: Io): Promise<number> {
  const opened = openRun(text, flags["runs-dir"], io);
  const standing = standingOf(opened.directory, opened.state.phase.status === "settled");
  return Promise.resolve(tellRun(opened, standing, { ...flags, name }, io));
}

/** The same for a run that was read, wherever that was. @param wish an instance's name, where only that is wanted */
export function tellRun(
  opened: OpenedRun,
  standing: Standing,
  wish: ShowFlags & { readonly name: string | undefined },
  io: Io,
): number {
  const { state, uses } = opened;
  const isInterrupted = standing.is === "interrupted";
  // Of what was cut off nobody knows more than its log does.
  const seen = { isInterrupted, now: isInterrupted ? state.lastAt : Date.now() };
  if (wish.name !== undefined) showInstance(opened, wish.name, { ...wish, ...seen }, io);
  else if (wish.json) io.out.json(resultDocument(state, uses));
  else if (wish.markdown) io.out.write(markdownReport(state, uses, seen));
  else {
    const sentence = standingSentence(state.id, standing);
    const options = { columns: io.out.columns, glyphs: glyphsFor(io.env), program: programName, ...seen };
    io.out.lines(summaryLines(state, uses, { ...options, ...(sentence === undefined ? {} : { standing: sentence }) }));
  }
  return 0;
}

/** When the run is looked at, ms since 1970, and whether nobody supervises it any more. */
interface Seen {
  readonly now: number;
  readonly isInterrupted: boolean;
}

function showInstance({ state, uses }: OpenedRun, name: string, flags: ShowFlags & Seen, io: Io): void {
  const instance = instanceOf(state, name);
  if (flags.json) {
    const { instances } = resultDocument(state, uses);
    const found = Array.isArray(instances)
      ? instances.find((each: { name?: unknown }) => each.name === instance.name)
      : undefined;
    io.out.json(found);
    return;
  }
  // What is known about it is talk (whether it succeeded, too); what it left is the data, unchanged unless a terminal reads it.
  io.talk.lines(headLines(instance, flags, io));
  const only = { ...state, instances: new Map([[instance.name, instance]]) };
  io.talk.lines(failureLines(only, { columns: io.talk.columns, glyphs: glyphsFor(io.env), program: programName }));
  const answer = lastResultOf(instance);
  if (answer === undefined) return;
  const shown = safeText(io.out.isTTY ? cleanLines(answer) : answer, io.out.paint);
  io.out.write(shown.endsWith("\n") ? shown : `${shown}\n`);
}

function headLines(instance: InstanceState, { now, isInterrupted }: Seen, io: Io): readonly Line[] {
  const glyphs = glyphsFor(io.env);
  const status = phaseWord(instance, glyphs, isInterrupted);
  const { spent } = instance;
  const facts =
    spent.costSource === "none" && totalTokens(spent.usage) === 0
      ? ""
      : `${tokensText(spent, glyphs)} tokens  ${costText(spent, glyphs)}`;
  return [
    [
      span(`${status.glyph} `, status.tone),
      span(instance.name, "strong"),
      span(` ${status.word}`, status.tone),
      span(`  ${facts}`, "quiet"),
    ],
    ...instance.attempts.map((attempt) => attemptLine(attempt, runningWords(runningFor(instance, now), isInterrupted))),
    line(""),
  ];
}

function runningWords(ms: number | undefined, isInterrupted: boolean): string {
  if (ms === undefined) return "not ended";
  return isInterrupted ? `interrupted after ${formatDuration(ms)}` : `running for ${formatDuration(ms)}`;
}

function attemptLine(
  { number, model, sessionId, end, agentVersion, agent, requests }: AttemptState,
  running: string,
): Line {
  const parts = [
    `attempt ${number}`,
    `${agent}${agentVersion === undefined ? "" : ` ${agentVersion}`}`,
    model ?? "",
    end === undefined ? running : `${formatDuration(end.durationMs)}, ${end.reason}`,
    requests === undefined || requests.refused === 0 ? "" : `${counted(requests.refused, "request")} refused`,
    sessionId === undefined ? "" : `session ${sessionId}`,
  ];
  return line(`  ${parts.filter((part) => part !== "").join("  ")}`, "quiet");
}
