import { setFlagsFromString } from "node:v8";

/** Of Node 22 and 24. Others may not know the flag, and V8 complains aloud of a flag it does not know. */
const measuredVersions = ["12", "13"];

/**
 * Keeps the part of V8's heap where new objects live at about the size it has now. By itself it grows to 48 MB as soon as
 * hundreds of instances start or a long transcript is read, though next to nothing of it is in use, and each start of a
 * process copies the page tables of all this memory: see bench/RESULTS.md. Unlike most flags this one is read each time it
 * matters, so it may be set while the program runs.
 */
export function keepMemoryLean(): void {
  const [major = ""] = process.versions.v8.split(".");
  if (measuredVersions.includes(major)) setFlagsFromString("--semi-space-growth-factor=1");
}
