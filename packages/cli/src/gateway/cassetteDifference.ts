import { structuredPatch } from "diff";

/** Lines of a difference that are shown at once; the rest is in a file. */
const mostLines = 4;

/** Characters of a line that are shown, and how many of them stand before what is different. */
const widest = 140;
const before = 30;

/** How what a cassette has and what is asked now differ: the first of it for a sentence, all of it for a file. */
export function cassetteDifference(
  recorded: string,
  asked: string,
): { readonly short: readonly string[]; readonly whole: string } {
  const { hunks } = structuredPatch("", "", `${recorded}\n`, `${asked}\n`, "", "", { context: 3 });
  const changed = hunks.flatMap(({ lines }) => lines.filter((line) => /^[-+]/.test(line)));
  const from = Math.max(0, sameStart(changed) - before);
  const short = changed.slice(0, mostLines).map((line) => clipped(line, from));
  const more = changed.length - short.length;
  return {
    short: more > 0 ? [...short, `  … ${more} more`] : short,
    whole: ["--- recorded", "+++ asked now", ...hunks.flatMap(({ lines }) => ["@@", ...lines]), ""].join("\n"),
  };
}

function sameStart(changed: readonly string[]): number {
  const old = changed.find((line) => line.startsWith("-"));
  const now = changed.find((line) => line.startsWith("+"));
  if (old === undefined || now === undefined) return 0;
  let at = 1;
  while (at < old.length && old[at] === now[at]) at += 1;
  return at;
}

/** A short line is shown whole: its indentation tells where it is. */
function clipped(line: string, from: number): string {
  if (line.length <= widest) return line;
  const text = line.slice(1);
  const begin = Math.min(from, Math.max(0, text.length - widest));
  const end = begin + widest;
  return `${line[0] ?? ""} ${begin > 0 ? "…" : ""}${text.slice(begin, end)}${end < text.length ? "…" : ""}`;
}
