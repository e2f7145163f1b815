export type FrontMatterValue = string | readonly string[];

export interface FrontMatter {
  readonly values: ReadonlyMap<string, FrontMatterValue>;
  readonly body: string;
  readonly problem?: string;
}

/** Front matter longer than this is not one: nobody describes a command in a thousand lines. */
const mostLines = 1000;

/** Its brackets are meant to be seen: `argument-hint: [file]`. */
const bracketedText = "argument-hint";

/**
 * The block between `---` lines at the head of a Markdown file, as far as such blocks are used there: `key: value`, quoted
 * values, lists in brackets or with dashes, `|` and `>` texts. Never throws; what it cannot read is named in `problem` and
 * the rest is still read.
 */
export function readFrontMatter(text: string): FrontMatter {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const none = { values: new Map<string, FrontMatterValue>(), body: text };
  if (lines[0]?.trimEnd() !== "---") return none;
  const end = lines.findIndex((line, index) => index > 0 && index <= mostLines && line.trimEnd() === "---");
  if (end === -1) return { ...none, problem: "its front matter begins with --- but no --- line ends it" };
  const body = lines.slice(end + 1).join("\n");
  return { ...readBlock(lines.slice(1, end)), body };
}

function readBlock(lines: readonly string[]): Omit<FrontMatter, "body"> {
  const values = new Map<string, FrontMatterValue>();
  const problems: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const pair = /^([A-Za-z][\w-]*)\s*:(?:\s+(.*))?$/.exec(line);
    if (pair === null) {
      problems.push(`line ${index + 2} of its front matter is not \`key: value\`: ${line.trim().slice(0, 60)}`);
      continue;
    }
    const nested = nestedLines(lines, index + 1);
    const key = (pair[1] ?? "").toLowerCase();
    const value = readValue(key, pair[2]?.trim() ?? "", nested);
    values.set(key, value.value);
    if (value.isLeftOpen) {
      problems.push(`line ${index + 2} of its front matter opens a quote or bracket and does not close it`);
    }
    index += nested.length;
  }
  const [problem] = problems;
  return { values, ...(problem === undefined ? {} : { problem }) };
}

function readValue(
  key: string,
  written: string,
  nested: readonly string[],
): { readonly value: FrontMatterValue; readonly isLeftOpen: boolean } {
  if (key === bracketedText) return { value: unquoted(written), isLeftOpen: false };
  return { value: valueOf(written, nested), isLeftOpen: isLeftOpen([written, ...nested].join(" ")) };
}

function isLeftOpen(value: string): boolean {
  const first = value.charAt(0);
  return first === "[" ? !value.includes("]") : /^["']/.test(value) && !value.includes(first, 1);
}

/** Indented lines (and dashes) that belong to the key above them. */
function nestedLines(lines: readonly string[], from: number): readonly string[] {
  let end = from;
  while (end < lines.length && /^(?:\s+\S|-\s|\s*$)/.test(lines[end] ?? "")) end++;
  return lines.slice(from, end);
}

function valueOf(written: string, nested: readonly string[]): FrontMatterValue {
  if (/^[|>][+-]?$/.test(written)) {
    const texts = nested.map((line) => line.trim());
    return texts.join(written.startsWith("|") ? "\n" : " ").trim();
  }
  if (written === "" && nested.some((line) => /^\s*-\s/.test(line))) {
    return nested.flatMap((line) => /^\s*-\s+(.*)$/.exec(line)?.[1] ?? []).map(unquoted);
  }
  if (/^\[.*\]$/.test(written) && !/\]\s*\[/.test(written)) {
    return splitList(written.slice(1, -1)).map(unquoted);
  }
  return unquoted([written, ...nested.map((line) => line.trim())].join(" ").trim());
}

/** At commas that are not inside brackets. */
function splitList(text: string): readonly string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed.charAt(0);
  return trimmed.length >= 2 && (quote === '"' || quote === "'") && trimmed.endsWith(quote)
    ? trimmed.slice(1, -1)
    : trimmed;
}
