/** Text of a manual page as roff takes it. What is in backquotes is bold; no line begins as a request. */

const longestLine = 76;

/** One paragraph, its lines cut between words. Backquotes come in pairs or stand for themselves. */
export function prose(text: string): readonly string[] {
  return wrapped(
    text
      .split(/(`[^`]+`)/)
      .flatMap((part) => (isQuoted(part) ? [bold(part.slice(1, -1))] : [escaped(part)]))
      .join(""),
  );
}

/** Words a person types: each hyphen is a minus, so that it can be copied from the page. */
export function bold(text: string): string {
  return text === "" ? "" : `\\fB${typed(text)}\\fR`;
}

export function italic(text: string): string {
  return text === "" ? "" : `\\fI${typed(text)}\\fR`;
}

export function typed(text: string): string {
  return escaped(text).replaceAll("-", String.raw`\-`);
}

/** As an argument of a request. */
export function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', String.raw`\(dq`)}"`;
}

/** A line as it stands, in an example. */
export function verbatim(text: string): string {
  return guarded(typed(text));
}

function isQuoted(part: string): boolean {
  return part.length > 2 && part.startsWith("`") && part.endsWith("`");
}

/** ASCII only: what a terminal cannot show, the formatter replaces. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", String.raw`\(rs`)
    .replaceAll("`", String.raw`\(ga`)
    .replaceAll("'", String.raw`\(aq`)
    .replaceAll("^", String.raw`\(ha`)
    .replaceAll("~", String.raw`\(ti`)
    .replaceAll(/[^\n\u0020-\u007E]/gu, (character) => {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      return `\\[u${code}]`;
    });
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= longestLine) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map(guarded);
}

/** A dot or a quote at a line's beginning would be a request. */
function guarded(line: string): string {
  return /^[.']/.test(line) ? `\\&${line}` : line;
}
