import type { ProcessIdentity } from "@claude-orchestrator/domain";
import { choosePlatform } from "./choosePlatform.ts";

/** This program's own process, named for ever. */
export function ownIdentity(): ProcessIdentity {
  const platform = choosePlatform();
  return { pid: process.pid, startTime: platform.startTime(process.pid) ?? "", bootId: platform.bootId };
}

/** Whether exactly this process still runs: another one with its pid is not it, and one that is dead already is none. */
export function isAlive(identity: ProcessIdentity): boolean {
  return choosePlatform().isAlive(identity);
}
