/** What `run` and `plan` need, by one import: the bundle has a file for each import of a command, and each file costs its opening. */
export { runFleet } from "./runFleet.ts";
export { showPlan } from "./showPlan.ts";
