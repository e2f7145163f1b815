import { setFlagsFromString } from "node:v8";

/** Of Node 22 and 24. Others may not know the flag, and V8 complains aloud of a flag it does not know. */
const measuredVersions = ["12", "13"];

/**
 * Keeps V8's heap near what is in use.
 *
 * - The part where new objects live stays at about the size it has now. By itself it grows to 48 MB as soon as hundreds of instances
 *   start or a long transcript is read, though next to nothing of it is in use, and each start of a process copies the page tables of
 *   all this memory.
 * - The part where old ones live is collected when it has grown by half, and not when it is four times as large: a supervisor of a
 *   hundred agents had 42 MB there, of which 16 were in use (100 MB resident in place of 118, for no more CPU).
 *
 * See bench/RESULTS.md. Unlike most flags these are read each time they matter, so they may be set while the program runs.
 */
export function keepMemoryLean(): void {
  const [major = ""] = process.versions.v8.split(".");
  if (!measuredVersions.includes(major)) return;
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=50");
}
