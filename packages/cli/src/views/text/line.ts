import { cleanLine } from "./cleanText.ts";
import { displayWidth, splitAtWidth } from "./displayWidth.ts";
import type { Paint } from "./paint.ts";
import { breakWorkflowCommands } from "./workflowCommands.ts";

/** What a piece of text means; the paint decides how that looks. Nothing is told by colour alone. */
export type Tone = "good" | "bad" | "warn" | "quiet" | "strong" | "accent";

export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}

/** One line of a view, free of escape codes: views make lines, the last step paints them. */
export type Line = readonly Span[];

/** A line of one tone. */
export function line(text: string, tone?: Tone): Line {
  return [span(text, tone)];
}

export function span(text: string, tone?: Tone): Span {
  return tone === undefined ? { text } : { text, tone };
}

export function lineWidth(spans: Line): number {
  return spans.reduce((sum, each) => sum + displayWidth(cleanLine(each.text)), 0);
}

/** `text` cut to `columns`, the cut shown by an ellipsis. */
export function fitText(text: string, columns: number): string {
  const clean = cleanLine(text);
  if (displayWidth(clean) <= columns) return clean;
  return columns < 1 ? "" : `${splitAtWidth(clean, columns - 1).head}…`;
}

/** Cut or filled with spaces to exactly `columns`. */
export function padText(text: string, columns: number, align: "left" | "right" = "left"): string {
  const fitted = fitText(text, columns);
  const fill = " ".repeat(Math.max(0, columns - displayWidth(fitted)));
  return align === "left" ? fitted + fill : fill + fitted;
}

/** A line of at most `columns`, cleaned, the cut shown by an ellipsis. */
export function fitLine(spans: Line, columns: number): Line {
  const fitted: Span[] = [];
  let left = columns;
  for (const [index, each] of spans.entries()) {
    const text = cleanLine(each.text);
    const width = displayWidth(text);
    const moreFollows = spans.slice(index + 1).some((next) => next.text !== "");
    if (width > left || (width === left && moreFollows)) {
      fitted.push({ ...each, text: width === left ? fitText(`${text} `, left) : fitText(text, left) });
      return fitted;
    }
    fitted.push({ ...each, text });
    left -= width;
  }
  return fitted;
}

/** The line as it is written to a stream. */
export function renderLine(spans: Line, paint: Paint, columns = Number.POSITIVE_INFINITY): string {
  const painted = fitLine(spans, columns)
    .map((each) => (each.tone === undefined ? each.text : paint(each.tone, each.text)))
    .join("")
    .trimEnd();
  return safeText(painted, paint);
}

/** Text of an agent for the channel of this paint: unchanged but in GitHub Actions, where none of it becomes a command. */
export function safeText(text: string, paint: Paint): string {
  return paint.breaksCommands === true ? breakWorkflowCommands(text) : text;
}

/** Breaks text at spaces into lines of at most `columns`, indentation kept; a word that is longer is cut through. */
export function wrapText(text: string, columns: number): readonly string[] {
  if (!Number.isFinite(columns)) return [cleanLine(text)];
  const width = Math.max(2, columns);
  const lines: string[] = [];
  let current: string | undefined;
  for (const word of cleanLine(text).split(" ")) {
    const joined: string = current === undefined ? word : `${current} ${word}`;
    if (displayWidth(joined) <= width) {
      current = joined;
      continue;
    }
    if (current !== undefined && current.trim() !== "") lines.push(current);
    current = word;
    while (displayWidth(current) > width) {
      const { head, tail } = splitAtWidth(current, width);
      lines.push(head);
      current = tail;
    }
  }
  return [...lines, current ?? ""];
}

/** Text in lines of at most `columns`, each behind `indent`; nothing of it is cut off. */
export function wrappedLines(text: string, columns: number, options: { indent?: string; tone?: Tone } = {}): Line[] {
  const { indent = "", tone } = options;
  return wrapText(text, columns - indent.length).map((each) => line(`${indent}${each}`, tone));
}

/** A beginning and a sentence: on one line where they fit, else the sentence below, wrapped. */
export function headAndSentence(head: Line, sentence: Span, columns: number): readonly Line[] {
  const whole = [...head, span(" "), sentence];
  if (lineWidth(whole) <= columns) return [whole];
  const { text, tone } = sentence;
  return [head, ...wrappedLines(text, columns, tone === undefined ? { indent: "    " } : { indent: "    ", tone })];
}
