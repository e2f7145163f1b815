/**
 * Wants to go on with a log it may not write, without the rights of root. Words: the run's directory. Prints what came of
 * it.
 */
import { UserError } from "@claude-orchestrator/domain";
import { continueRunLog } from "../continueRunLog.ts";

if (process.getuid?.() === 0) process.setuid?.(65534);

function goOn(): string {
  try {
    continueRunLog(process.argv[2] ?? "", { clock: { wall: Date.now }, programVersion: "0.1.0" });
    return "went on";
  } catch (error) {
    return error instanceof UserError ? `${error.code}: ${error.message}` : String(error);
  }
}

console.log(goOn());
