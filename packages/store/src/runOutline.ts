import type { DatabaseSync } from "node:sqlite";
import type { LoggedEvent, RunId } from "@claude-orchestrator/domain";
import { decodeEvent } from "./eventRow.ts";
import { openLog } from "./openLog.ts";
import type { DamagedRun } from "./runList.ts";

/** How a run went, without what its agents said meanwhile. */
export interface RunOutline {
  readonly id: RunId;
  readonly directory: string;
  /** In order, none where the run has not begun yet; folded they give the state of every attempt that has ended. */
  readonly events: readonly LoggedEvent[];
}

/**
 * Most events of a log are progress, which the end of each attempt sums up: without them hundreds of logs are read in a second. A
 * log of which an event is damaged is not half read, since what is missing in it would be taken for never having been.
 */
export function readRunOutline(id: RunId, directory: string): RunOutline | DamagedRun {
  let database: DatabaseSync | undefined;
  try {
    const log = openLog(directory);
    database = log.database;
    if (log.meta.run !== id) return { id, directory, damaged: `its log is that of ${log.meta.run}` };
    return readEvents(database, id, directory);
  } catch (error) {
    return { id, directory, damaged: error instanceof Error ? error.message : String(error) };
  } finally {
    database?.close();
  }
}

function readEvents(database: DatabaseSync, id: RunId, directory: string): RunOutline | DamagedRun {
  const rows = database
    .prepare("SELECT seq, at, body, crc FROM event WHERE type <> 'attempt-progressed' ORDER BY seq")
    .iterate();
  const events: LoggedEvent[] = [];
  for (const row of rows) {
    const event = decodeEvent(row);
    if (typeof event === "string") return { id, directory, damaged: `event ${String(row["seq"])}: ${event}` };
    events.push(event);
  }
  const [first] = events;
  if (first !== undefined && first.type !== "run-created")
    return { id, directory, damaged: "it does not tell how the run began" };
  return { id, directory, events };
}
