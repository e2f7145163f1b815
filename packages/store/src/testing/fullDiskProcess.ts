/**
 * Fills the room a log may take, frees some, and goes on. Words: the run's directory, and how the room is bounded:
 * `disk` (a file beside it is removed to make room) or `limit` (the limit on the size of a file is lifted).
 * Prints one JSON object: the kinds of trouble told, and what was appended and read back.
 */
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRunLog } from "../runLog.ts";
import { openRunLog } from "../runLogReader.ts";
import { progressed, runIdAt } from "./events.ts";

const [, , parent = "", how] = process.argv;
const directory = join(parent, "run");
const filler = join(parent, "filler");
if (how === "disk") writeFileSync(filler, Buffer.alloc(400 * 1024));

const log = createRunLog(directory, runIdAt(0), { clock: { wall: Date.now }, programVersion: "0.1.0", batchMs: 5 });
const told: string[] = [];
const isFull = new Promise<void>((resolve) => {
  log.onTrouble((trouble) => {
    told.push(trouble?.kind ?? "well");
    resolve();
  });
});
let appended = 0;
let hasTrouble = false;
void isFull.then(() => (hasTrouble = true));
while (!hasTrouble) {
  for (let i = 0; i < 20; i++) appended = log.append(progressed("x".repeat(1000))).seq;
  // Either it is on disk, or there is trouble.
  await Promise.race([log.flush(), isFull]);
}
const readWhileFull = [...openRunLog(directory).events()].length;
appended = log.append(progressed("while the disk is full")).seq;

if (how === "disk") rmSync(filler);
else execFileSync("prlimit", ["--pid", String(process.pid), "--fsize=unlimited:"]);
await log.flush();
await log.close();

const reader = openRunLog(directory);
const readBack = [...reader.events()].length;
console.log(JSON.stringify({ told, readWhileFull, appended, readBack, damage: reader.damage() }));
