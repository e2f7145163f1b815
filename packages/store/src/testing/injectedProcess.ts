import { join } from "node:path";
import { runProgram } from "./childProcess.ts";

export interface Injected {
  /** Numbers of the events it has acknowledged. */
  readonly acknowledged: number;
  /** It came to its end and closed its log. */
  readonly isClosed: boolean;
  /** What it printed last. */
  readonly lastWord: string;
}

/**
 * Runs `thirtyStepsProcess.ts` in a directory with faults put into some of the system calls on its log's files, as strace
 * words it: `fsync:signal=SIGKILL:when=3`.
 */
export async function runInjected(directory: string, ...faults: readonly string[]): Promise<Injected> {
  const log = join(directory, "events.db");
  const paths = ["", "-wal", "-shm", "-journal"].flatMap((ending) => ["-P", log + ending]);
  const injections = faults.flatMap((fault) => ["-e", `inject=${fault}`]);
  // One thread does all that SQLite does: the others go on untraced.
  const wrapper = ["strace", "-o", "/dev/null", ...paths, ...injections];
  const output = await runProgram("thirtyStepsProcess.ts", [directory], wrapper).output;
  const words = output.split("\n").slice(0, -1);
  const numbers = words.map(Number).filter((number) => Number.isInteger(number));
  return { acknowledged: numbers.at(-1) ?? 0, isClosed: words.includes("closed"), lastWord: words.at(-1) ?? "" };
}
