/**
 * What an agent printed is shown as text. Of its control characters only colours are left (`ESC [ … m`), for whoever shows them;
 * titles, links, the clipboard, moves of the cursor and marks that turn the reading direction are taken out.
 */

const escape = "\u001b";
const bell = "\u0007";

const sequences = new RegExp(
  [
    `${escape}[\\]PX^_][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?`,
    // Any control sequence but one that ends with `m`, or is no plain list of numbers.
    `(?:${escape}\\[|\u009b)(?![\\d;:]*m)[0-?]*[ -/]*[@-~]?`,
    `${escape}(?!\\[)[ -/]*[0-~]?`,
  ].join("|"),
  "g",
);

const unusual = /[^\x20-\x7e]/;
const controls = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;
const invisible = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060\u2066-\u2069\ufeff]/g;

/** One line, without its end. */
export function logText(line: string): string {
  if (!unusual.test(line)) return line;
  return line.toWellFormed().replace(sequences, "").replace(controls, "").replace(invisible, "");
}
