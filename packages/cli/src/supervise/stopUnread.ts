import { setTimeout as wait } from "node:timers/promises";
import { UserError } from "@claude-orchestrator/domain";
import type { RunState } from "@claude-orchestrator/domain";
import type { ControlRequest } from "@claude-orchestrator/host";
import type { FoundRun } from "@claude-orchestrator/store";
import type { Io } from "../io/channel.ts";
import { askRun } from "./askRun.ts";
import { readHistory } from "./history.ts";
import { standingOf } from "./standing.ts";

export type StopWish = Extract<ControlRequest, { readonly kind: "stop" }>;

const pollMs = 100;

/** What the log tells; "unread" where it cannot be read although somebody supervises the run. @throws UserError log-not-usable */
export function historyToStop(found: FoundRun): RunState | "unread" | undefined {
  try {
    return readHistory(found);
  } catch (error) {
    if (error instanceof UserError && standingOf(found.directory, false).is === "running") return "unread";
    throw error;
  }
}

/**
 * Stops a run whose log cannot be read, through its supervisor alone, and waits for that one's end, which is all that can be
 * seen; an instance is not waited for. False where it has not ended after `patienceMs`.
 */
export async function stopUnread(found: FoundRun, request: StopWish, patienceMs: number, io: Io): Promise<boolean> {
  io.talk.write(`${await askRun(found, request, io.by)}\n`);
  if (request.instance !== undefined) return true;
  const until = performance.now() + patienceMs;
  while (standingOf(found.directory, false).is === "running") {
    if (performance.now() > until) return false;
    await wait(pollMs);
  }
  io.talk.write(`${found.id} has ended; its log cannot be read, so nobody can say how\n`);
  return true;
}
