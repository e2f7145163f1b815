/** What is wrong with an expression or a template, and where: `offset` counts UTF-16 units from the start of the text given. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
  readonly offset: number;
  /** What to write instead, where we can tell. */
  readonly hint: string | undefined;

  constructor(message: string, offset: number, hint?: string) {
    super(message);
    this.offset = offset;
    this.hint = hint;
  }
}

/** Line and column from 1 of an offset in a text; an offset outside it is taken as its end. */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const end = Math.min(Math.max(offset, 0), text.length);
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: end - lineStart + 1 };
}

const excerptWidth = 100;

/**
 * The line of `text` that holds `offset` with a caret under it: two lines, at most a hundred characters wide, with
 * control characters replaced so that a hostile text cannot steer a terminal.
 */
export function caretExcerpt(text: string, offset: number): string {
  const end = Math.min(Math.max(offset, 0), text.length);
  const lineStart = end === 0 ? 0 : text.lastIndexOf("\n", end - 1) + 1;
  const nextBreak = text.indexOf("\n", end);
  const lineEnd = nextBreak === -1 ? text.length : nextBreak;
  const column = end - lineStart;
  const from =
    column > excerptWidth - 20 ? pairStart(text, lineStart + column - Math.floor(excerptWidth / 2)) : lineStart;
  const to = pairStart(text, Math.min(lineEnd, from + excerptWidth));
  const before = from > lineStart ? "…" : "";
  const after = to < lineEnd ? "…" : "";
  const visible = printable(text.slice(from, to)).trimEnd();
  return `${before}${visible}${after}\n${" ".repeat(before.length + end - from)}^`;
}

/** The offset itself, or the one before where it lies inside a surrogate pair. */
function pairStart(text: string, offset: number): number {
  return offset > 0 && (text.codePointAt(offset - 1) ?? 0) > 0xffff ? offset - 1 : offset;
}

/** One character for one character, so that columns stay true. */
function printable(text: string): string {
  return text.replace(/[\t\u2028\u2029]/g, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "\uFFFD");
}

/** The whole message for a person: the sentence with line and column, then the line with a caret. */
export function renderExpressionError(error: ExpressionError, text: string): string {
  const { line, column } = lineAndColumn(text, error.offset);
  return `${error.message} (line ${line}, column ${column})\n${caretExcerpt(text, error.offset)}`;
}
