/**
 * Writes a run's log until it is killed: events in bursts of any size, and a line with the last number each time a
 * flush has settled. Words: the run's directory.
 */
import { writeSync } from "node:fs";
import { createRunLog } from "../runLog.ts";
import { progressed, runIdAt } from "./events.ts";

const log = createRunLog(process.argv[2] ?? "", runIdAt(0), { clock: { wall: Date.now }, programVersion: "0.1.0" });
for (let round = 0; ; round++) {
  let last = 0;
  for (let i = 0; i <= (round * 7) % 40; i++) last = log.append(progressed("x".repeat((round * 131) % 5000))).seq;
  await log.flush();
  writeSync(1, `${last}\n`);
}
