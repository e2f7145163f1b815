/** Goes on with a run's log and closes it, over and over, as supervisors do. Words: the run's directory, and how often. Prints `done`. */
import { continueRunLog } from "../continueRunLog.ts";
import { progressed } from "./events.ts";

const [, , directory = "", times = "0"] = process.argv;
for (let round = 0; round < Number(times); round++) {
  const { log } = continueRunLog(directory, { clock: { wall: Date.now }, programVersion: "0.1.0" });
  log.append(progressed(`round ${round}`));
  await log.close();
}
console.log("done");
