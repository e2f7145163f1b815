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

/** ASCII only where the locale says outright that it is not UTF-8, or on the Linux console. */
export function glyphsFor(env: Readonly<Record<string, string | undefined>>): Glyphs {
  if (env["TERM"] === "linux" || env["TERM"] === "dumb") return asciiGlyphs;
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((each) => each !== undefined && each !== "");
  return locale === undefined || /utf-?8/i.test(locale) ? unicodeGlyphs : asciiGlyphs;
}
