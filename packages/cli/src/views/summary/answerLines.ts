import { shellWord } from "@claude-orchestrator/domain";
import type { AttemptState, InstanceState, RunState } from "@claude-orchestrator/domain";
import type { Line } from "../text/line.ts";
import { line, span } from "../text/line.ts";
import { cleanLines } from "../text/cleanText.ts";
import { wrapText } from "../text/line.ts";
import { counted } from "../words.ts";
import type { SummaryOptions } from "./summaryLines.ts";

const shownLines = 6;

/**
 * The final answer of an instance that succeeded; structured output as JSON where there is no text. Undefined for any other:
 * what an agent leaves when it fails is an error text or half a piece of work, and must not be taken for its answer.
 */
export function answerOf(instance: InstanceState): string | undefined {
  const { phase } = instance;
  return phase.status === "settled" && phase.verdict === "succeeded" ? lastResultOf(instance) : undefined;
}

/** What the newest attempt left as its result, however it ended; undefined where that is no more than the failure's own sentence. */
export function lastResultOf(instance: InstanceState): string | undefined {
  const end = endOf(instance.attempts);
  const { failure } = end ?? {};
  if (end?.result !== undefined && end.result !== "") {
    return failure !== undefined && failure.message.includes(end.result.trim()) ? undefined : end.result;
  }
  return end?.structured === undefined ? undefined : JSON.stringify(end.structured, undefined, 2);
}

function endOf(attempts: readonly AttemptState[]): AttemptState["end"] {
  return attempts.findLast(({ end }) => end !== undefined)?.end;
}

/** The first lines of each final answer, and how to see the rest. */
export function answerLines(state: RunState, { columns, program }: SummaryOptions): readonly Line[] {
  const answers = [...state.instances.values()].flatMap((instance) => {
    const isRefuted = instance.phase.status === "settled" && instance.phase.verification === "refuted";
    const answer = isRefuted ? lastResultOf(instance) : answerOf(instance);
    const how = isRefuted ? " answered, and was not accepted" : " answered";
    return answer === undefined || answer.trim() === ""
      ? []
      : [{ name: instance.name, how, answer: cleanLines(answer).trim() }];
  });
  return answers.flatMap(({ name, how, answer }, at): readonly Line[] => {
    const wrapped = answer.split("\n").flatMap((each) => wrapText(each, columns - 2));
    const hidden = wrapped.length - shownLines;
    const show = `${program} show ${state.id} ${shellWord(name)}`;
    return [
      ...(at === 0 ? [] : [line("")]),
      [span(name, "strong"), span(how, "quiet")],
      ...wrapped.slice(0, hidden > 1 ? shownLines : undefined).map((each) => line(`  ${each}`)),
      ...(hidden > 1 ? [line(`  … ${counted(hidden, "more line")}, full with \`${show}\``, "quiet")] : []),
    ];
  });
}
