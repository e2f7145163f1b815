/** What commands with `--server` need, by one import. */
export { listOpenRunsThere, listRunsThere, printLogsThere, showRunThere } from "./lookAtServer.ts";
export { askToThere, resumeRunThere, retryRunThere, stopRunThere } from "./steerServer.ts";
