import { styleText } from "node:util";
import type { Tone } from "./line.ts";

/** Gives a piece of text the look of its meaning. */
export type Paint = (tone: Tone, text: string) => string;

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
  return wantsColour(wish) ? colourPaint : noPaint;
}
