/**
 * Writes the log of a run of thirty steps and closes it. Words: the run's directory. Prints the number of each event
 * whose flush has settled, and at the end `closed`, or the trouble it could not write for.
 */
import { writeSync } from "node:fs";
import { type RunLog, createRunLog } from "../runLog.ts";
import { instanceSettled, progressed, runIdAt } from "./events.ts";

const log = begin();
log.onTrouble((trouble) => {
  if (trouble?.kind === "lost") giveUp(trouble.message);
});
for (let step = 1; step <= 30; step++) {
  log.append(progressed("x".repeat(step * 37)));
  const { seq } = log.append(instanceSettled(`step ${step}`, "succeeded"));
  await log.flush();
  writeSync(1, `${seq}\n`);
}
await log.close().catch((error: unknown) => giveUp(String(error)));
writeSync(1, "closed\n");

function begin(): RunLog {
  try {
    return createRunLog(process.argv[2] ?? "", runIdAt(0), { clock: { wall: Date.now }, programVersion: "0.1.0" });
  } catch (error) {
    return giveUp(String(error));
  }
}

function giveUp(why: string): never {
  writeSync(1, `${why}\n`);
  process.exit(1);
}
