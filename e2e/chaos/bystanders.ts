import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { makeRunId } from "@claude-orchestrator/domain";
import { existsSync } from "node:fs";
import { processesWith } from "../support/leftovers.ts";
import { kill } from "./killer.ts";

export interface Bystanders extends Disposable {
  /** How many of them are not alive any more. */
  gone(): number;
}

/**
 * Innocent processes that look like those of a run: the same program, children that left its session, an environment with the
 * marker of a run that is not there. Whoever kills one of them has killed on one piece of evidence.
 */
export function startBystanders(agent: string, count: number): Bystanders {
  const mark = randomUUID();
  const otherRun = makeRunId(Date.now(), Math.random);
  const env = {
    PATH: "/usr/bin:/bin",
    CHAOS_BYSTANDER: mark,
    [`CLAUDE_ORCHESTRATOR_ATTEMPT_${otherRun}`]: "001-agent-0/1",
    CHAOS_NAME: "bystander",
    CHAOS_STARTS: "/dev/null",
    CHAOS_STEPS: "1000000",
    CHAOS_PAUSE: "1",
  };
  const started = Array.from({ length: count }, () => {
    return spawn("/bin/sh", [agent], { env, stdio: "ignore", detached: true });
  });
  return {
    gone: () => started.filter(({ pid }) => pid === undefined || !existsSync(`/proc/${pid}`)).length,
    [Symbol.dispose]() {
      for (let left = processesWith(mark); left.length > 0; left = processesWith(mark)) {
        for (const { pid } of left) kill(pid);
      }
    },
  };
}
