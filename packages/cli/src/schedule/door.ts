/** What the commands of schedules need, by one import: see supervise/door.ts. */
export { addSchedule } from "./addSchedule.ts";
export { pauseSchedule, removeSchedule, unpauseSchedule } from "./changeSchedule.ts";
export { installDaemon, uninstallDaemon } from "./install/installDaemon.ts";
export { listSchedules, scheduleStatus } from "./listSchedules.ts";
export { runDaemon } from "./runDaemon.ts";
export { runNow } from "./runNow.ts";
