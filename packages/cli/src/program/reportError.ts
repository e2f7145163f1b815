import { UserError } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { cleanLines } from "../views/text/cleanText.ts";
import { safeText } from "../views/text/line.ts";
import { programName, programVersion } from "./version.ts";

export const exitCodeOfMistake = 2;
export const exitCodeOfBug = 70;

/** Says what went wrong and gives the exit code: a person's mistake with its hint, a bug of ours without a riddle. */
export function reportError(error: unknown, io: Pick<Io, "talk" | "verbose">): number {
  const { paint } = io.talk;
  // A message may quote a file, and a file may hold what GitHub Actions takes for a command.
  const cleaned = (text: string): string => safeText(cleanLines(text), paint);
  if (error instanceof UserError) {
    const hint = error.hint === undefined ? "" : `\n${paint("accent", "hint:")} ${cleaned(error.hint)}\n`;
    io.talk.write(`${paint("bad", "error:")} ${cleaned(error.message)}\n${hint}`);
    return exitCodeOfMistake;
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : message;
  const more = io.verbose ? `\n${cleanLines(stack)}\n` : "";
  const hint = io.verbose
    ? "please report it with the lines above"
    : "run it again with `--verbose` for the details, and please report them";
  io.talk.write(
    `${paint("bad", "error:")} ${cleanLines(message)}\n${more}\n${paint("accent", "hint:")} this is our bug (${programName} ${programVersion()}): ${hint}\n`,
  );
  return exitCodeOfBug;
}
