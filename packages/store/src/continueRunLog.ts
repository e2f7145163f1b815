import type { LoggedEvent } from "@claude-orchestrator/domain";
import { continueLogFile } from "./logFile.ts";
import { type RunLog, type RunLogOptions, RunLogWriter } from "./runLog.ts";
import { type LogDamage, type RunLogReader, openRunLog } from "./runLogReader.ts";

/** A run's log that is written on by another process than the one that began it. */
export interface ContinuedRunLog {
  /** Its first event gets the number after the highest on disk. */
  readonly log: RunLog;
  /** What is readable of what was there, in order. */
  readonly events: readonly LoggedEvent[];
  /**
   * What is missing or broken of what was there. Nothing is repaired: broken events stay where they are, and a lost tail's
   * numbers are given anew, so whoever writes on writes these sentences down first.
   */
  readonly damage: readonly LogDamage[];
}

/**
 * Opens the log in a run's directory to write on, whether its writer closed it in order or was killed. The caller holds
 * the run's lock (`acquireRunLock`): a second writer would end as `lost` at its first event.
 *
 * @throws UserError log-not-usable where there is none, it is no log, a newer program wrote it, its end cannot be read,
 * or it cannot be written
 */
export function continueRunLog(directory: string, options: RunLogOptions): ContinuedRunLog {
  const { file, lastSeq, lostTransactions } = continueLogFile(directory, options.programVersion);
  try {
    const { events, damage } = readWhole(directory);
    const all = [...damage, ...lostAfter(lastSeq, lostTransactions)];
    return { log: new RunLogWriter(file, options, lastSeq), events, damage: all };
  } catch (error) {
    file.close(undefined);
    throw error;
  }
}

function lostAfter(lastSeq: number, transactions: number): readonly LogDamage[] {
  if (transactions === 0) return [];
  const what = `what was written after event ${lastSeq} is lost: at least ${transactions} ${transactions === 1 ? "transaction" : "transactions"}`;
  return [{ seq: lastSeq + 1, what }];
}

function readWhole(directory: string): ReturnType<RunLogReader["whole"]> {
  const reader = openRunLog(directory);
  try {
    return reader.whole();
  } finally {
    reader.close();
  }
}
