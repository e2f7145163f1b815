/**
 * Wants the lock of a run and keeps it until it is killed. Words: the run's directory, and a file whose coming is the
 * sign to begin. Prints `ready`, then `held` or `refused`; then what a child says that it started (`child <pid>`).
 */
import { spawn } from "node:child_process";
import { existsSync, writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { acquireRunLock } from "../runLock.ts";

const [, , directory = "", sign = ""] = process.argv;
writeSync(1, "ready\n");
while (!existsSync(sign)) await wait(1);
const lock = acquireRunLock(directory);
writeSync(1, lock === undefined ? "refused\n" : "held\n");
// Not by a timer's mercy: it lives until it is killed, as its child does.
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore", detached: true });
writeSync(1, `child ${child.pid}\n`);
setInterval(() => undefined, 1000);
