import { join } from "node:path";
import { makeRunId } from "@claude-orchestrator/domain";
import type { RunId } from "@claude-orchestrator/domain";
import { startRun } from "@claude-orchestrator/engine";
import type { EngineParts, RunControl } from "@claude-orchestrator/engine";
import { createClock, keepMemoryLean } from "@claude-orchestrator/host";
import { createRunLog } from "@claude-orchestrator/store";
import type { RecordedFlagValues } from "../commands/runFlags.ts";
import { gatewayOf, replayMarks } from "../gateway/cassette.ts";
import type { Io } from "../io/channel.ts";
import { programVersion } from "../program/version.ts";
import { commandRecordOf, writeCommandRecord } from "../supervise/commandRecord.ts";
import { lockRun } from "../supervise/lockRun.ts";
import { startSupervisor } from "../supervise/startSupervisor.ts";
import { supervise } from "../supervise/supervise.ts";
import { prepareTelemetry } from "../telemetry/prepareTelemetry.ts";
import { noticesText } from "./display.ts";
import type { DisplayWish } from "./display.ts";
import { assignOwnFolders, withOwnFolders } from "./ownFolders.ts";
import { checkBeforeStart } from "./preflight.ts";
import { refuseIf } from "./problems.ts";
import { readPlan } from "./readPlan.ts";
import { runRequest } from "./runRequest.ts";
import { makeRunsFolder } from "./runsFolder.ts";
import { openSharedLedger } from "./sharedLedger.ts";

export type RunFlagValues = RecordedFlagValues &
  DisplayWish & { readonly detach: boolean; readonly "schedule-slot": string | undefined };

/**
 * `run`: from the words of a command line to an exit code. Nothing starts, and nothing is written, while anything is wrong.
 * With `--detach` the run is made, and taken up by a supervisor without a terminal.
 */
export async function runFleet(words: readonly string[], flags: RunFlagValues, io: Io): Promise<number> {
  if (io.embedded === undefined) keepMemoryLean();
  const read = await readPlan(words, flags, io);
  const preflight = await checkBeforeStart(read.plan, flags, io);
  refuseIf(preflight.obstacles);
  const gateway = await gatewayOf(preflight, flags, io);
  const telemetry = await prepareTelemetry(preflight.plan, io);
  const id = await idFor(flags["schedule-slot"], io);
  const folder = makeRunsFolder(io, flags["runs-dir"]);
  const directory = join(folder, id);
  const marks = replayMarks(flags, io.cwd);
  const isPlayed = marks.demo !== undefined;
  const shared = openSharedLedger({ plan: preflight.plan, run: id, directory, isPlayed }, io);
  const log = createRunLog(directory, id, { clock: createClock(), programVersion: programVersion() });
  writeCommandRecord(directory, commandRecordOf(words, flags, io.cwd, read.source));
  if (flags.detach) {
    // Nobody sees what the supervisor says.
    if (!flags.json && !flags.quiet) io.talk.write(noticesText(preflight.plan.notices, io.talk));
    // The supervisor takes the port itself.
    telemetry?.metrics?.close();
    await log.close();
    shared?.close();
    return startSupervisor(["resume", id, "--runs-dir", folder], { id, directory }, flags, io);
  }
  const lock = await lockRun({ id, directory });
  const own = await assignOwnFolders({ plan: preflight.plan, run: id, directory }, io);
  const request = withOwnFolders(runRequest({ id, directory, preflight, read }, marks), own);
  const begin = (parts: EngineParts): RunControl => startRun(request, parts);
  const { plan } = request;
  return supervise({ id, directory, lock, log, own, plan, gateway, telemetry, shared, history: [], begin }, flags, io);
}

/** A new id; for the slot of a schedule the one it was claimed with, once the slot is taken for good. */
async function idFor(slot: string | undefined, io: Io): Promise<RunId> {
  if (slot === undefined) return makeRunId(Date.now(), Math.random);
  // Apart: most runs are nobody's schedule.
  const { takeSlot } = await import("../schedule/takeSlot.ts");
  return takeSlot(slot, io);
}
