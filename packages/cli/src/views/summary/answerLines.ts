import type { AttemptState, InstanceState, RunState } from "@claude-orchestrator/domain";
import type { Line } from "../text/line.ts";
import { line, span } from "../text/line.ts";
import { cleanLines } from "../text/cleanText.ts";
import { wrapText } from "../text/line.ts";
import { shellWord } from "../shellWord.ts";
import { counted } from "../words.ts";
import type { SummaryOptions } from "./summaryLines.ts";

const shownLines = 6;

/** The newest attempt's final answer; structured output as JSON where there is no text. Undefined where it gave none. */
export function answerOf(instance: InstanceState): string | undefined {
  const end = endOf(instance.attempts);
  if (end?.result !== undefined && end.result !== "") return end.result;
  return end?.structured === undefined ? undefined : JSON.stringify(end.structured, undefined, 2);
}

function endOf(attempts: readonly AttemptState[]): AttemptState["end"] {
  return attempts.findLast(({ end }) => end !== undefined)?.end;
}

/** The first lines of each final answer, and how to see the rest. */
export function answerLines(state: RunState, { columns, program }: SummaryOptions): readonly Line[] {
  const answers = [...state.instances.values()].flatMap((instance) => {
    const answer = answerOf(instance);
    return answer === undefined || answer.trim() === ""
      ? []
      : [{ name: instance.name, answer: cleanLines(answer).trim() }];
  });
  return answers.flatMap(({ name, answer }, at): readonly Line[] => {
    const wrapped = answer.split("\n").flatMap((each) => wrapText(each, columns - 2));
    const hidden = wrapped.length - shownLines;
    const show = `${program} show ${state.id} ${shellWord(name)}`;
    return [
      ...(at === 0 ? [] : [line("")]),
      [span(name, "strong"), span(" answered", "quiet")],
      ...wrapped.slice(0, hidden > 1 ? shownLines : undefined).map((each) => line(`  ${each}`)),
      ...(hidden > 1 ? [line(`  … ${counted(hidden, "more line")}, full with \`${show}\``, "quiet")] : []),
    ];
  });
}
