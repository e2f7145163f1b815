import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RunId, Schedule, StartableSlot } from "@claude-orchestrator/domain";
import type { SessionEnd } from "@claude-orchestrator/host";
import type { Io } from "../io/channel.ts";
import { runThisProgram } from "../program/runThisProgram.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import { stateFolder } from "./stateFolder.ts";
import { slotWord } from "./takeSlot.ts";

/** What a start that fails has printed is looked at no further than this. */
const longestReason = 2000;

type Place = Pick<Io, "env" | "cwd">;

/**
 * Starts the run of a claimed slot, as a person would in the folder of its schedule; it is supervised without a terminal and
 * lives on whatever becomes of us. Settles when it is on its way, or with a sentence where it is not. Never rejects.
 */
export async function startSlot(schedule: Schedule, slot: StartableSlot, io: Place): Promise<string | undefined> {
  const { file, flags, cwd, runs } = schedule;
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true) return `its folder ${cwd} is not there`;
  const fromTheDaemon = ["--runs-dir", runs, "--detach", "--quiet", "--schedule-slot", slotWord(schedule.id, slot)];
  const outputPath = join(stateFolder(io), `start-${slot.run}.txt`);
  // By `--config`, for what is not there any more must not be taken for a prompt.
  const end = await runHere(["run", "--config", file, ...flags, ...fromTheDaemon], { io, cwd, outputPath });
  const reason = end.exitCode === 0 ? undefined : whyNot(end, outputPath);
  rmSync(outputPath, { force: true });
  return reason;
}

/** Stops a run by this program's own command, as a person would. Settles when it has been asked; never rejects. */
export async function stopSlot(schedule: Schedule, run: RunId, io: Place): Promise<void> {
  const outputPath = join(stateFolder(io), `stop-${run}.txt`);
  await runHere(["stop", run, "--runs-dir", schedule.runs], { io, cwd: schedule.cwd, outputPath });
  rmSync(outputPath, { force: true });
}

function runHere(
  words: readonly string[],
  { io, cwd, outputPath }: { readonly io: Place; readonly cwd: string; readonly outputPath: string },
): Promise<SessionEnd> {
  // Absolute, since it may be given relative to our folder.
  const env = { ...io.env, CLAUDE_ORCHESTRATOR_STATE: stateFolder(io) };
  return runThisProgram(words, { env, cwd, outputPath });
}

/** The first thing it said, in one line: a plan with problems lists them below it. */
function whyNot({ exitCode, problem }: SessionEnd, outputPath: string): string {
  if (problem !== undefined) return problem;
  const said = cleanLine(
    textOf(outputPath)
      .replace(/^error: /, "")
      .replaceAll(/\s*\n\s*/g, " ")
      .trim(),
  );
  return said === "" ? `it ended with exit code ${exitCode}` : said.slice(0, longestReason);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Somebody cleaned up: then the exit code has to do.
    return "";
  }
}
