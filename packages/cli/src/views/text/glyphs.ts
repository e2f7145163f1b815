/** The few signs the views use beside letters, each with its ASCII twin. Always beside a word, never instead of one. */
export interface Glyphs {
  readonly good: string;
  readonly bad: string;
  readonly notice: string;
  readonly running: string;
  readonly waiting: string;
  readonly held: string;
  readonly again: string;
  readonly stopped: string;
  readonly skipped: string;
  readonly atLeast: string;
  readonly full: string;
  readonly empty: string;
  readonly mark: string;
}

export const unicodeGlyphs: Glyphs = {
  good: "✓",
  bad: "✗",
  notice: "!",
  running: "●",
  waiting: "○",
  held: "◌",
  again: "↻",
  stopped: "■",
  skipped: "–",
  atLeast: "≥",
  full: "█",
  empty: "░",
  mark: "│",
};

/** What Windows Terminal, editors, ConEmu and the shells of MSYS say of themselves. */
const windowsTerminals = ["WT_SESSION", "TERM_PROGRAM", "ConEmuANSI", "TERM"];

export const asciiGlyphs: Glyphs = {
  good: "+",
  bad: "x",
  notice: "!",
  running: "*",
  waiting: ".",
  held: "=",
  again: "~",
  stopped: "#",
  skipped: "-",
  atLeast: ">=",
  full: "#",
  empty: "-",
  mark: "|",
};

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * ASCII only where the locale says outright that it is not UTF-8, on the Linux console, and on the old console of Windows: its fonts
 * lack most of these, and it tells nothing of itself as every other terminal there does.
 */
export function glyphsFor(env: Variables): Glyphs {
  if (env["TERM"] === "linux" || env["TERM"] === "dumb") return asciiGlyphs;
  if (env["OS"] === "Windows_NT" && !windowsTerminals.some((name) => (env[name] ?? "") !== "")) return asciiGlyphs;
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((each) => each !== undefined && each !== "");
  return locale === undefined || /utf-?8/i.test(locale) ? unicodeGlyphs : asciiGlyphs;
}
