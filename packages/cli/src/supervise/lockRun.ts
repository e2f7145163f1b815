import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { UserError } from "@claude-orchestrator/domain";
import { removeControlAddress } from "@claude-orchestrator/host";
import { acquireRunLock } from "@claude-orchestrator/store";
import type { FoundRun, RunLock } from "@claude-orchestrator/store";
import { importedName } from "../archive/importedName.ts";
import { programName } from "../program/version.ts";
import { readHistory } from "./history.ts";
import { livingSupervisor, supervisorWords } from "./standing.ts";
import { ownRecord, readSupervisorRecord, removeSupervisorRecord, writeSupervisorRecord } from "./supervisorRecord.ts";

/** Whoever has just got the lock says who it is within this. */
const introductionMs = 1000;

/** A run that has settled lets go of its lock when its notifications are delivered and its reports written. */
export const farewellMs = 20_000;

const pollMs = 20;

/**
 * Makes this program the run's supervisor, and says so in the run's folder until the lock is released.
 *
 * @throws UserError run-busy, naming who has it; run-not-running for a run that came by import
 */
export async function lockRun(found: FoundRun): Promise<RunLock> {
  const { directory } = found;
  refuseImported(found);
  const lock = acquireRunLock(directory) ?? (await lockAfterItsEnd(found));
  if (lock === undefined) throw await busy(found);
  const left = readSupervisorRecord(directory)?.control;
  if (left !== undefined) removeControlAddress(left.address);
  try {
    await writeSupervisorRecord(directory, ownRecord());
  } catch {
    // A full disk, say: the lock holds all the same, and whoever is kept out by it is told no name.
  }
  return {
    release: () => {
      removeSupervisorRecord(directory);
      lock.release();
    },
  };
}

/** Undefined where its supervisor is not just about to go. */
async function lockAfterItsEnd(found: FoundRun): Promise<RunLock | undefined> {
  const until = performance.now() + farewellMs;
  while (performance.now() < until && readHistory(found)?.phase.status === "settled") {
    await wait(pollMs);
    const lock = acquireRunLock(found.directory);
    if (lock !== undefined) return lock;
  }
  return undefined;
}

/** It has the id and the markers of a run that may be at work elsewhere on this machine: it is there to be looked at. */
function refuseImported({ id, directory }: FoundRun): void {
  if (!existsSync(join(directory, importedName))) return;
  throw new UserError("run-not-running", `${id} came by import, so it cannot be gone on with or ended here`, {
    hint: `\`${programName} show ${id}\` shows it; go on with it where it ran`,
  });
}

async function busy({ id, directory }: FoundRun): Promise<UserError> {
  const until = performance.now() + introductionMs;
  let supervisor = livingSupervisor(directory);
  while (supervisor === undefined && performance.now() < until) {
    await wait(pollMs);
    supervisor = livingSupervisor(directory);
  }
  return new UserError("run-busy", `${id} is supervised already${supervisorWords(supervisor)}`, {
    hint: `\`${programName} attach ${id}\` shows it, \`${programName} stop ${id}\` ends it`,
  });
}
