export { type ContinuedRunLog, continueRunLog } from "./continueRunLog.ts";
export { type FoundRun, findRun } from "./findRun.ts";
export type { LogTrouble } from "./logTrouble.ts";
export { type RunLock, acquireRunLock, isRunLocked } from "./runLock.ts";
export { type RunLog, type RunLogOptions, createRunLog } from "./runLog.ts";
export { type RunOutline, readRunOutline } from "./runOutline.ts";
export { type DamagedRun, type RunSummary, listRuns, runIds, summarizeRun } from "./runList.ts";
export { type LogDamage, type RunLogReader, openRunLog } from "./runLogReader.ts";
export { type LogMeta, logFileName } from "./schema.ts";
export {
  type ScheduleLog,
  type ScheduleLogOptions,
  openScheduleLog,
  scheduleLogName,
} from "./schedules/scheduleLog.ts";
export {
  type SpendingLedger,
  type SpendingLedgerOptions,
  openSpendingLedger,
  spendingLedgerName,
} from "./spending/spendingLedger.ts";
