import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { startDetached } from "@claude-orchestrator/host";
import type { FoundRun } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { programWords } from "../program/programWords.ts";
import { programName } from "../program/version.ts";
import { cleanLines } from "../views/text/cleanText.ts";
import { line } from "../views/text/line.ts";
import { readHistory } from "./history.ts";
import { behalfWords } from "./onBehalf.ts";
import { supervisorSwitch } from "./supervisorSwitch.ts";
import { pausedSentence } from "./standing.ts";

const logName = "supervisor.log";
const exitCodeWithoutOne = 1;
const exitCodeOfInterrupt = 130;

/**
 * Starts this program again, without a terminal, to supervise a run, and gives the terminal back as soon as it does. Where it
 * does not come to that, what it said and its exit code are passed on.
 *
 * @param words of its command line: nothing in them may be secret, for they can be seen by everybody as long as it runs
 */
export async function startSupervisor(
  words: readonly string[],
  { id, directory }: FoundRun,
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
  io: Io,
): Promise<number> {
  const logPath = join(directory, logName);
  const saidBefore = statSync(logPath, { throwIfNoEntry: false })?.size ?? 0;
  const cancelled = Promise.withResolvers<void>();
  let isCancelled = false;
  const cancel = (): void => {
    isCancelled = true;
    cancelled.resolve();
  };
  if (io.embedded === undefined) process.once("SIGINT", cancel);
  const argv = supervisorArgv(words, io);
  const start = await startDetached({ argv, cwd: io.cwd, env: io.env, logPath }, cancelled.promise);
  process.off("SIGINT", cancel);
  if (!start.begun) {
    io.talk.write(cleanLines(readFileSync(logPath).subarray(saidBefore).toString("utf8")));
    const why = start.problem === undefined ? "" : `: ${start.problem}`;
    if (start.exitCode === null) io.talk.write(`error: ${id} could not be supervised without a terminal${why}\n`);
    return start.exitCode ?? (isCancelled ? exitCodeOfInterrupt : exitCodeWithoutOne);
  }
  if (json) io.out.json({ run: id, directory, pid: start.pid });
  else io.out.write(`${id}\n`);
  if (!json && !quiet) io.talk.lines(nextSteps(id));
  tellPause({ id, directory }, io);
  return 0;
}

/** Says of a run that goes on that a person's pause outlived its supervisor. */
function tellPause(found: FoundRun, io: Io): void {
  const stillPaused = pausedSentence(readHistory(found));
  if (stillPaused !== undefined) io.talk.write(`${stillPaused}\n`);
}

/** The switch stands before what may follow a `--`. */
function supervisorArgv(
  [command = "", ...words]: readonly string[],
  { by, embedded }: Pick<Io, "by" | "embedded">,
): readonly string[] {
  const program = embedded?.program ?? programWords();
  return [...program, command, supervisorSwitch, ...behalfWords(by), ...words];
}

function nextSteps(id: string): ReturnType<typeof line>[] {
  return [
    line("It works on without this terminal, in the background"),
    line(`show it  ${programName} attach ${id}`, "quiet"),
    line(`end it   ${programName} stop ${id}`, "quiet"),
  ];
}
