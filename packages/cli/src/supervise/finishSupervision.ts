import { UserError } from "@claude-orchestrator/domain";
import type { RunLog } from "@claude-orchestrator/store";
import { applyRetention } from "../history/applyRetention.ts";
import type { Io } from "../io/channel.ts";
import { printSummary, writeReports } from "../run/finishRun.ts";
import type { FinishWish } from "../run/finishRun.ts";
import type { RunFold } from "../run/runFold.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import { line } from "../views/text/line.ts";
import type { SuperviseWish } from "./supervision.ts";

const exitCodeOfFailure = 1;

/** How a run ended: the engine's exit code, and why not all of it is in its log, where that is so. */
interface RunEnd {
  readonly exitCode: number;
  readonly loss: string | undefined;
}

/** Why not all of the run is in its log; undefined where it is. */
export async function closeLog(log: RunLog): Promise<string | undefined> {
  try {
    await log.close();
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "log-not-usable") throw error;
    return error.message;
  }
}

/** Everything after a run's last event: its reports, the summary, what is tidied up. Gives the exit code of the program. */
export async function finishSupervision(
  { fold, directory }: { readonly fold: RunFold; readonly directory: string },
  { exitCode, loss }: RunEnd,
  wish: SuperviseWish,
  io: Io,
): Promise<number> {
  if (fold.state === undefined) throw new Error("the run ended without a first event");
  // Where its folder is now, wherever it was made.
  const state = { ...fold.state, directory };
  const finishWish: FinishWish = {
    json: wish.json,
    quiet: wish.quiet,
    isRecorded: loss === undefined,
    ...(wish.junit === undefined ? {} : { junit: wish.junit }),
    ...(wish.markdown === undefined ? {} : { markdown: wish.markdown }),
  };
  const uses = fold.uses(Date.now());
  const reported = await writeReports(state, uses, finishWish, io);
  printSummary(state, uses, finishWish, io);
  const tidied = applyRetention(state, { now: Date.now(), env: io.env });
  if (tidied !== undefined && !wish.quiet) io.talk.lines([line(tidied, "quiet")]);
  const problems = loss === undefined ? reported : [`Not all of it could be written to the log: ${loss}`, ...reported];
  for (const problem of problems) io.talk.write(`${io.talk.paint("bad", "error:")} ${cleanLine(problem)}\n`);
  return problems.length > 0 ? Math.max(exitCode, exitCodeOfFailure) : exitCode;
}
