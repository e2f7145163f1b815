/** What the command needs, by one import: see supervise/door.ts. */
export { printUsage } from "./printUsage.ts";
