/**
 * Takes the lock of a run over and over and gives it back. Words: the run's directory, and how often it must have held it.
 * While it holds it, a file that nobody else may find stands beside it. Prints `alone`, or `together` where that was there.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { acquireRunLock } from "../runLock.ts";

const [, , directory = "", times = "0"] = process.argv;
const claim = join(directory, "claim");
let word = "alone";
for (let held = 0; held < Number(times) && word === "alone";) {
  const lock = acquireRunLock(directory);
  if (lock === undefined) continue;
  held += 1;
  try {
    writeFileSync(claim, "", { flag: "wx" });
    rmSync(claim);
  } catch {
    word = "together";
  }
  lock.release();
}
console.log(word);
