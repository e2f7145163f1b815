import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import {
  type LoggedEvent,
  type RunId,
  type RunOutcome,
  UserError,
  type Verdict,
  parseRunId,
} from "@claude-orchestrator/domain";
import { decodeEvent } from "./eventRow.ts";
import { openLog, tries } from "./openLog.ts";
import { isLocked, patiently } from "./sqlite.ts";

/** What a listing of runs says of one, without its whole log being read. */
export interface RunSummary {
  readonly id: RunId;
  readonly directory: string;
  readonly name: string;
  /** ms since 1970. */
  readonly createdAt: number;
  /** How many instances the plan has. */
  readonly instances: number;
  /** How many instances have settled so far, by their last verdict. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** Its last end. Absent while it first runs, and for ever where it was cut off then. */
  readonly settled?: {
    readonly outcome: RunOutcome;
    readonly exitCode: number;
    readonly durationMs: number;
    readonly at: number;
  };
}

/** A folder with the name of a run whose log tells nothing. */
export interface DamagedRun {
  readonly id: RunId;
  readonly directory: string;
  /** One sentence for a person. */
  readonly damaged: string;
  /** Set where that may be over in a moment: another program holds the log, or nothing was written into it yet. */
  readonly mayPass?: "held" | "empty";
}

/**
 * The runs of a directory, newest first (a run's id grows with time), at most `limit`. A missing directory has none.
 * Reads the first event of each and those of its end, not the log: about a millisecond a run.
 *
 * @throws UserError file-not-readable where it is there and cannot be looked into
 */
export function listRuns(
  runsDirectory: string,
  limit = Number.POSITIVE_INFINITY,
): readonly (RunSummary | DamagedRun)[] {
  return runIds(runsDirectory)
    .slice(0, limit)
    .map((id) => summarizeRun({ id, directory: join(runsDirectory, id) }));
}

/** The ids of the runs in a directory, newest first. @throws UserError file-not-readable */
export function runIds(runsDirectory: string): readonly RunId[] {
  return entries(runsDirectory)
    .map((name) => parseRunId(name))
    .filter((id) => id !== undefined)
    .toSorted((a, b) => {
      // Ids grow by the second only; `latest` must be right for a script that starts one run right after another.
      const inOneSecond = a.slice(0, secondsEnd) === b.slice(0, secondsEnd);
      const younger = inOneSecond ? bornAt(runsDirectory, b) - bornAt(runsDirectory, a) : 0;
      return younger === 0 ? (a < b ? 1 : -1) : younger;
    });
}

/** Where the part of an id ends that tells the second: `run_` and six characters. */
const secondsEnd = 10;

function bornAt(runsDirectory: string, id: RunId): number {
  try {
    return statSync(join(runsDirectory, id)).birthtimeMs;
  } catch {
    // Gone meanwhile, or its folder tells names and no more: the order by id is left.
    return 0;
  }
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT") return [];
    const message = error instanceof Error ? error.message : String(error);
    throw new UserError("file-not-readable", `The runs in ${directory} cannot be read: ${whyNot(code) ?? message}`, {
      hint: "name another folder with `--runs-dir`, or work as the user to whom this one belongs",
      cause: error,
    });
  }
}

function whyNot(code: string): string | undefined {
  if (code === "ENOTDIR") return "it is no folder";
  return code === "EACCES" || code === "EPERM" ? "permission is denied" : undefined;
}

/**
 * What a listing says of one run. Never throws: what is wrong with its log is said.
 *
 * @param patience how often a log that another program holds is asked for again; each time waits 100 ms, and everything with it
 */
export function summarizeRun(
  { id, directory }: { readonly id: RunId; readonly directory: string },
  patience = tries,
): RunSummary | DamagedRun {
  let database: DatabaseSync | undefined;
  try {
    const log = openLog(directory, patience);
    const opened = log.database;
    database = opened;
    if (log.meta.run !== id) return { id, directory, damaged: `its log is that of ${log.meta.run}` };
    return patiently(patience, () => readSummary(opened, id, directory));
  } catch (error) {
    const damaged = error instanceof Error ? error.message : String(error);
    const cause = error instanceof UserError ? error.cause : error;
    return { id, directory, damaged, ...(isLocked(cause) ? { mayPass: "held" } : {}) };
  } finally {
    database?.close();
  }
}

function readSummary(database: DatabaseSync, id: RunId, directory: string): RunSummary | DamagedRun {
  const head = decodeFirst(database);
  if (head?.type !== "run-created") return { id, directory, ...whyNoHead(database) };
  // The words are those of the partial index, which holds these rows and no others.
  const rows = database
    .prepare("SELECT seq, at, body, crc FROM event WHERE type IN ('instance-settled', 'run-settled') ORDER BY seq")
    .all();
  const settledInstances = new Map<string, Verdict>();
  let settled: Extract<LoggedEvent, { type: "run-settled" }> | undefined;
  for (const row of rows) {
    const event = decodeEvent(row);
    if (typeof event === "string") continue;
    if (event.type === "instance-settled") settledInstances.set(event.instance, event.verdict);
    if (event.type === "run-settled") settled = event;
  }
  const reopened = settled === undefined ? undefined : reopenedAfter(database, settled.seq);
  for (const instance of reopened ?? []) settledInstances.delete(instance);
  const { plan } = head;
  const summary = {
    id,
    directory,
    name: plan.name,
    createdAt: head.at,
    instances: plan.instances.length,
    verdicts: countVerdicts(settledInstances),
  };
  if (settled === undefined || reopened !== undefined) return summary;
  const { outcome, exitCode, durationMs, at } = settled;
  return { ...summary, settled: { outcome, exitCode, durationMs, at } };
}

/** The instances a person asked for again after the run had settled; undefined where nobody did. Few events follow that one. */
function reopenedAfter(database: DatabaseSync, seq: number): readonly string[] | undefined {
  const rows = database
    .prepare("SELECT seq, at, body, crc FROM event WHERE seq > ? AND type = 'run-reopened' ORDER BY seq")
    .all(seq);
  const events = rows.map((row) => decodeEvent(row)).filter((event) => typeof event !== "string");
  if (events.length === 0) return undefined;
  return events.flatMap((event) => (event.type === "run-reopened" ? event.instances : []));
}

function countVerdicts(instances: ReadonlyMap<string, Verdict>): RunSummary["verdicts"] {
  const verdicts: Partial<Record<Verdict, number>> = {};
  for (const verdict of instances.values()) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  return verdicts;
}

function whyNoHead(database: DatabaseSync): Pick<DamagedRun, "damaged" | "mayPass"> {
  const isEmpty = database.prepare("SELECT 1 FROM event LIMIT 1").get() === undefined;
  if (isEmpty) return { damaged: "it has not begun: its log holds nothing yet", mayPass: "empty" };
  return { damaged: "the first event of its log is not readable" };
}

function decodeFirst(database: DatabaseSync): LoggedEvent | undefined {
  const row = database.prepare("SELECT seq, at, body, crc FROM event WHERE seq = 1").get();
  const event = row === undefined ? undefined : decodeEvent(row);
  return typeof event === "string" ? undefined : event;
}
