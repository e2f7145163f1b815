/**
 * What an agent printed is text, never terminal control: escape sequences, control characters and direction overrides are
 * taken out before anything of it reaches a screen.
 */

const escape = "\u001b";
const bell = "\u0007";
const csi = "\u009b";

/** Strings (titles, links, device control) with their end, control sequences, then two-character escapes. */
const sequences = new RegExp(
  [
    `${escape}[\\]PX^_][^${bell}${escape}]*(?:${bell}|${escape}\\\\)`,
    `(?:${escape}\\[|${csi})[0-?]*[ -/]*[@-~]`,
    `${escape}[ -/]*[0-~]`,
  ].join("|"),
  "g",
);

/** Anything that is not a printable ASCII character: most text has none and takes the short way. */
const unusual = /[^\x20-\x7e]/;
const lineBreaks = /\r\n|\r|\u2028|\u2029/g;
const controls = /\p{Cc}/gu;
const notALineFeed = /[^\P{Cc}\n]/gu;
/** Marks that turn the reading direction round, and the byte order mark: invisible, and able to make text lie. */
const invisible = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Text of several lines, safe to print: only line feeds are left of its control characters, a tab is two spaces. */
export function cleanLines(text: string): string {
  if (!unusual.test(text)) return text;
  return text
    .toWellFormed()
    .replace(sequences, "")
    .replace(lineBreaks, "\n")
    .replaceAll("\t", "  ")
    .replace(notALineFeed, "")
    .replace(invisible, "");
}

/** Text made fit for one line: line breaks, tabs and unusual spaces become a space. */
export function cleanLine(text: string): string {
  if (!unusual.test(text)) return text;
  return text
    .toWellFormed()
    .replace(sequences, "")
    .replace(/[^\S ]+/g, " ")
    .replace(controls, "")
    .replace(invisible, "");
}
