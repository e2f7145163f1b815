import { UserError } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import { findRun } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { programName } from "../program/version.ts";
import type { DisplayWish } from "../run/display.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { lockRun } from "./lockRun.ts";
import { startSupervisor } from "./startSupervisor.ts";
import { takeUp } from "./takeUp.ts";
import type { TakeUpWish } from "./takeUp.ts";

export interface ResumeFlags extends DisplayWish {
  readonly "accept-changes": boolean;
  readonly detach: boolean;
  readonly supervisor: boolean;
  readonly "runs-dir": string | undefined;
}

/** `resume RUN`: goes on with a run that was interrupted, or that a person stopped. */
export async function resumeRunOf([text = ""]: readonly string[], flags: ResumeFlags, io: Io): Promise<number> {
  const folder = oldRunsFolder(io, flags["runs-dir"]);
  const found = findRun(folder, text);
  if (flags.detach) {
    const accept = flags["accept-changes"] ? ["--accept-changes"] : [];
    return startSupervisor(["resume", found.id, "--runs-dir", folder, ...accept], found, flags, io);
  }
  return takeUp({ ...found, lock: await lockRun(found) }, stoppedOnes, wishOf(flags), io);
}

/** What `takeUp` is to show: nothing but trouble where nobody watches. */
export function wishOf(flags: Omit<ResumeFlags, "detach" | "runs-dir">): TakeUpWish {
  const { json, quiet, verbose, plain, supervisor } = flags;
  const acceptChanges = flags["accept-changes"];
  return { json, quiet: quiet || supervisor, verbose, plain, acceptChanges, isDetached: supervisor };
}

/**
 * Of a run that a person stopped, what was stopped with it; nothing of one that has not settled.
 *
 * @throws UserError run-not-running where there is nothing to go on with
 */
export function stoppedOnes(state: RunState): readonly string[] {
  const { phase, id } = state;
  if (phase.status !== "settled") return [];
  if (phase.outcome !== "stopped") {
    const hint =
      phase.outcome === "succeeded"
        ? `\`${programName} show ${id}\` shows it`
        : `\`${programName} retry ${id} --failed\` tries again what did not succeed`;
    throw new UserError("run-not-running", `${id} has come to its end: ${phase.outcome.replaceAll("_", " ")}`, {
      hint,
    });
  }
  const stopped = [...state.instances.values()].filter((each) => {
    return each.phase.status === "settled" && each.phase.verdict === "stopped";
  });
  if (stopped.length > 0) return stopped.map(({ name }) => name);
  throw new UserError(
    "run-not-running",
    `${id} was stopped when all of it had ended, so there is nothing to go on with`,
    {
      hint: `\`${programName} show ${id}\` shows it, \`${programName} retry ${id} --failed\` tries again what did not succeed`,
    },
  );
}
