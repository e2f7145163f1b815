/**
 * Looks at a folder of runs it may not write to, without the rights of root. Words: the folder of runs, the run's directory in it.
 * Prints one JSON object: the error of beginning a run there, and how many events the run has.
 */
import { UserError } from "@claude-orchestrator/domain";
import { join } from "node:path";
import { createRunLog } from "../runLog.ts";
import { openRunLog } from "../runLogReader.ts";
import { runIdAt } from "./events.ts";

if (process.getuid?.() === 0) process.setuid?.(65534);
const [, , runs = "", run = ""] = process.argv;

function begin(): string {
  try {
    createRunLog(join(runs, "other"), runIdAt(0), { clock: { wall: Date.now }, programVersion: "0.1.0" });
    return "begun";
  } catch (error) {
    return error instanceof UserError ? error.code : String(error);
  }
}

console.log(JSON.stringify({ begin: begin(), events: [...openRunLog(run).events()].length }));
