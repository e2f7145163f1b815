/**
 * Writes a log on a disk whose syncs begin to fail for good (the caller sees to that). Words: the run's directory.
 * Prints one JSON object: the last number acknowledged before, the trouble told, and whether anything was acknowledged after.
 */
import { createRunLog } from "../runLog.ts";
import { progressed, runIdAt } from "./events.ts";

const log = createRunLog(process.argv[2] ?? "", runIdAt(0), {
  clock: { wall: Date.now },
  programVersion: "0.1.0",
  closeWaitMs: 1000,
});
let trouble: string | undefined;
const isTroubled = new Promise<"trouble">((resolve) => {
  log.onTrouble((told) => {
    trouble = told?.kind ?? "well";
    resolve("trouble");
  });
});
let acknowledged = 0;
for (;;) {
  const { seq } = log.append(progressed("x"));
  const flushed = log.flush().then(() => "flushed" as const);
  flushed.catch(() => undefined);
  if ((await Promise.race([flushed, isTroubled])) === "trouble") break;
  acknowledged = seq;
}
let later = 0;
log.subscribe((events) => (later += events.length));
const closed = await log.close().then(
  () => "closed",
  (error: unknown) => String(error),
);
console.log(JSON.stringify({ acknowledged, trouble, later, closed }));
