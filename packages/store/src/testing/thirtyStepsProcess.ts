/**
 * Writes the log of a run of thirty steps and closes it; where there is one, goes on with it by five. Words: the run's
 * directory. Prints the number of each event
 * whose flush has settled, and at the end `closed`, or the trouble it could not write for.
 */
import { existsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { continueRunLog } from "../continueRunLog.ts";
import { type RunLog, createRunLog } from "../runLog.ts";
import { instanceSettled, progressed, runIdAt } from "./events.ts";

const directory = process.argv[2] ?? "";
const options = { clock: { wall: Date.now }, programVersion: "0.1.0" };
const isBegun = existsSync(join(directory, "events.db"));
const log = begin();
log.onTrouble((trouble) => {
  if (trouble?.kind === "lost") giveUp(trouble.message);
});
for (let step = 1; step <= (isBegun ? 5 : 30); step++) {
  log.append(progressed("x".repeat(step * 37)));
  const { seq } = log.append(instanceSettled(`step ${step}`, "succeeded"));
  await log.flush();
  writeSync(1, `${seq}\n`);
}
await log.close().catch((error: unknown) => giveUp(String(error)));
writeSync(1, "closed\n");

function begin(): RunLog {
  try {
    return isBegun ? continueRunLog(directory, options).log : createRunLog(directory, runIdAt(0), options);
  } catch (error) {
    return giveUp(String(error));
  }
}

function giveUp(why: string): never {
  writeSync(1, `${why}\n`);
  process.exit(1);
}
