/** What the command needs, by one import: see run/door.ts. */
export { printUsage } from "./printUsage.ts";
