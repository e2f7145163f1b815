import { styleText } from "node:util";
import type { Tone } from "./line.ts";

/** Gives a piece of text the look of its meaning. */
export interface Paint {
  (tone: Tone, text: string): string;
  /** True where a runner of GitHub Actions reads along: no text of an agent may become a command for it. */
  readonly breaksCommands?: boolean;
}

/** For files, pipes and people who asked for none. */
export const noPaint: Paint = (_tone, text) => text;

const looks: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  good: "green",
  bad: "red",
  warn: "yellow",
  quiet: "dim",
  strong: "bold",
  accent: "cyan",
};

export const colourPaint: Paint = (tone, text) =>
  text.trim() === "" ? text : styleText(looks[tone], text, { validateStream: false });

/** What decides about colour: the flag, then NO_COLOR, FORCE_COLOR and TERM, then whether it is a terminal. */
export interface ColourWish {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTTY: boolean;
  /** False where `--no-color` was given. */
  readonly flag: boolean;
}

/** NO_COLOR (any text) wins over FORCE_COLOR; FORCE_COLOR wins over TERM=dumb and over not being a terminal. */
export function wantsColour({ env, isTTY, flag }: ColourWish): boolean {
  if (!flag || (env["NO_COLOR"] ?? "") !== "") return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return isTTY && env["TERM"] !== "dumb";
}

export function paintFor(wish: ColourWish): Paint {
  const paint = wantsColour(wish) ? colourPaint : noPaint;
  if (wish.env["GITHUB_ACTIONS"] !== "true") return paint;
  return Object.assign((tone: Tone, text: string) => paint(tone, text), { breaksCommands: true });
}
