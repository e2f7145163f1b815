import { UserError } from "@claude-orchestrator/domain";
import { findRun } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { endingSignals } from "../program/endingSignals.ts";
import { programName } from "../program/version.ts";
import { createDisplay } from "../run/display.ts";
import type { DisplayWish } from "../run/display.ts";
import { printSummary } from "../run/finishRun.ts";
import type { RunFold } from "../run/runFold.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { followRun } from "./followRun.ts";
import { interruptedHint, standingByLog } from "./standing.ts";

export interface AttachFlags extends DisplayWish {
  readonly "runs-dir": string | undefined;
}

/**
 * `attach RUN`: shows a run as the terminal it was started in does, from its log alone, so any number may at once. Its end, by
 * Ctrl-C or with its terminal, is no matter to the run. Gives the run's own exit code where it settles, 0 where it is left.
 */
export async function attachTo([text = ""]: readonly string[], flags: AttachFlags, io: Io): Promise<number> {
  const found = findRun(oldRunsFolder(io, flags["runs-dir"]), text);
  if (standingByLog(found).is === "interrupted") throw interrupted(found.id);
  const display = createDisplay(io, flags);
  const left = leaving(io);
  try {
    const { end, fold } = await followRun({
      directory: found.directory,
      onEvents: (events) => display.show(events),
      enough: left.asked,
    });
    display.end();
    if (end === "settled") return summarize(fold, found.directory, flags, io);
    if (end === "interrupted") throw interrupted(found.id);
    io.talk.write(
      `${found.id} goes on: only this view of it has ended. \`${programName} stop ${found.id}\` ends the run\n`,
    );
    return 0;
  } finally {
    display.end();
    left.ignore();
  }
}

/** Asked to leave: by a signal, or because nothing that is shown arrives anywhere. */
function leaving(io: Io): { readonly asked: Promise<unknown>; readonly ignore: () => void } {
  const asked = Promise.withResolvers<void>();
  for (const signal of endingSignals) process.on(signal, asked.resolve);
  return {
    asked: Promise.race([asked.promise, io.out.closed, io.talk.closed]),
    ignore: () => {
      for (const signal of endingSignals) process.off(signal, asked.resolve);
    },
  };
}

function summarize(fold: RunFold, directory: string, { json, quiet }: AttachFlags, io: Io): number {
  const { state } = fold;
  if (state?.phase.status !== "settled") throw new Error("a run that has not settled was taken for one that has");
  printSummary({ ...state, directory }, fold.uses(Date.now()), { json, quiet, isRecorded: true }, io);
  return state.phase.exitCode;
}

function interrupted(id: string): UserError {
  return new UserError("run-not-running", `${id} was interrupted: nobody supervises it`, { hint: interruptedHint(id) });
}
