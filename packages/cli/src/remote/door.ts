/** What commands with `--server` need, by one import. */
export { listOpenRunsThere, listRunsThere, printLogsThere, showRunThere } from "./lookAtServer.ts";
export { searchLogsThere } from "./searchLogsThere.ts";
export { checkHistoryThere, showPlanThere } from "./planThere.ts";
export { addScheduleThere, changeScheduleThere, listSchedulesThere, runScheduleNowThere } from "./scheduleThere.ts";
export { askToThere, resumeRunThere, retryRunThere, stopRunThere } from "./steerServer.ts";
