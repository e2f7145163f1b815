import { UserError } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import { findRun } from "@claude-orchestrator/store";
import type { FoundRun } from "@claude-orchestrator/store";
import { instancesOf } from "../history/openRun.ts";
import type { Io } from "../io/channel.ts";
import { oldRunsFolder } from "../run/runsFolder.ts";
import { askRun } from "./askRun.ts";
import { readHistory } from "./history.ts";
import { lockRun } from "./lockRun.ts";
import { wishOf } from "./resume.ts";
import type { ResumeFlags } from "./resume.ts";
import { standingOf } from "./standing.ts";
import { startSupervisor } from "./startSupervisor.ts";
import { takeUp } from "./takeUp.ts";

export interface RetryFlags extends ResumeFlags {
  readonly failed: boolean;
}

/**
 * `retry RUN [INSTANCE…]`: settled instances run again, without names all that did not succeed. A run that works is asked to;
 * one that has settled goes on.
 */
export async function retryRun([text = "", ...names]: readonly string[], flags: RetryFlags, io: Io): Promise<number> {
  if (flags.failed && names.length > 0) {
    throw new UserError(
      "usage",
      "`--failed` means all that did not succeed, and so no instance can be named beside it",
    );
  }
  const folder = oldRunsFolder(io, flags["runs-dir"]);
  const found = findRun(folder, text);
  const state = readHistory(found);
  if (state === undefined) throw new UserError("run-not-running", `${found.id} has not begun yet`);
  if (state.phase.status !== "settled") {
    refuseForOneAtWork(found, flags);
    const instances = names.length === 0 ? "failed" : namedOnes(state, names);
    io.talk.write(`${await askRun(found, { kind: "retry", instances }, io.by)}\n`);
    return 0;
  }
  const choose = (settled: RunState): readonly string[] => wantedOf(settled, names);
  if (!flags.detach) return takeUp({ ...found, lock: await lockRun(found) }, choose, wishOf(flags), io);
  const accept = flags["accept-changes"] ? ["--accept-changes"] : [];
  // A name may look like a flag.
  const words = ["retry", "--runs-dir", folder, ...accept, "--", found.id, ...choose(state)];
  return startSupervisor(words, found, flags, io);
}

/** A supervisor that works goes on with the plan it has, where it is. @throws UserError usage */
function refuseForOneAtWork({ id, directory }: FoundRun, flags: RetryFlags): void {
  const given = (["detach", "accept-changes"] as const).find((flag) => flags[flag]);
  if (given === undefined || standingOf(directory, false).is !== "running") return;
  throw new UserError("usage", `\`--${given}\` is for a run that has ended, and ${id} is at work`, {
    hint: "leave it out: the run takes the instances in as it is, and this command does not wait for them",
  });
}

function namedOnes(state: RunState, names: readonly string[]): readonly string[] {
  return [...new Set(names.flatMap((name) => instancesOf(state, name).map((each) => each.name)))];
}

function wantedOf(state: RunState, names: readonly string[]): readonly string[] {
  if (names.length > 0) return namedOnes(state, names);
  const failed = [...state.instances.values()].filter(
    ({ phase }) => phase.status === "settled" && phase.verdict !== "succeeded" && phase.verdict !== "skipped",
  );
  if (failed.length > 0) return failed.map(({ name }) => name);
  throw new UserError("instance-not-found", `Every instance of ${state.id} succeeded, so there is none to try again`, {
    hint: "name one to run it again all the same",
  });
}
