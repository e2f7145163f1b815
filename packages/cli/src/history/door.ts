/** What the commands about the past need, by one import: see supervise/door.ts. */
export { listRunsOf } from "./listRuns.ts";
export { printLogs } from "./printLogs.ts";
export { pruneRuns } from "./pruneRuns.ts";
export { searchLogs } from "./searchLogs.ts";
export { showRun } from "./showRun.ts";
export { inspectSlashCommand, listSlashCommands } from "./slashCommands.ts";
