import { spawnSync } from "node:child_process";

/** Whether `strace` is here and may trace: it lets single system calls of a program fail, lie or kill. */
export function tracesSystemCalls(): boolean {
  if (process.platform !== "linux") return false;
  return spawnSync("strace", ["-o", "/dev/null", process.execPath, "--version"]).status === 0;
}
