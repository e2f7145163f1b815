import { setTimeout as wait } from "node:timers/promises";
import type { Wisher } from "@claude-orchestrator/domain";
import { openControlServer } from "@claude-orchestrator/host";
import type { ControlReply, ControlRequest, ControlServer } from "@claude-orchestrator/host";
import type { RunControl } from "@claude-orchestrator/engine";
import type { EventLog } from "@claude-orchestrator/engine/ports";
import { budgetRefusal } from "../policy/budgetRefusal.ts";
import { ownRecord, writeSupervisorRecord } from "./supervisorRecord.ts";

/** Whoever asks is not kept waiting for longer: the disk has a trouble of its own, which the run tells. */
const writingMs = 1500;

/** Where a run's supervisor can be asked, as long as it works. */
export interface Desk {
  /** Takes it away. Idempotent. */
  close(): void;
  /** Why nobody can ask, where that is so: the run itself does not need it. */
  readonly problem?: string;
}

/** Never rejects. The caller holds the run's lock. What was granted is in the log on disk before it is answered. */
export async function setUpDesk(directory: string, control: RunControl, log: Pick<EventLog, "flush">): Promise<Desk> {
  const server = await openServer(directory, async (request, by) => recorded(await answer(control, request, by), log));
  if ("problem" in server) return { problem: server.problem, close: () => undefined };
  const { address, token, close } = server;
  const problem = await problemOf(writeSupervisorRecord(directory, { ...ownRecord(), control: { address, token } }));
  return { ...(problem === undefined ? {} : { problem }), close };
}

async function openServer(
  directory: string,
  answerer: (request: ControlRequest, by?: Wisher) => Promise<ControlReply>,
): Promise<ControlServer | { readonly problem: string }> {
  try {
    return await openControlServer(directory, answerer);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function problemOf(writing: Promise<void>): Promise<string | undefined> {
  try {
    await writing;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A supervisor that is killed right after its answer has not forgotten it. */
async function recorded(reply: ControlReply, log: Pick<EventLog, "flush">): Promise<ControlReply> {
  if (!reply.ok) return reply;
  const writing = log.flush().then(
    () => true,
    () => false,
  );
  const isWritten = await Promise.race([writing, wait(writingMs, false, { ref: false })]);
  return isWritten ? reply : { ok: true, message: `${reply.message} (not on disk yet: its log cannot be written)` };
}

async function answer(control: RunControl, request: ControlRequest, by: Wisher | undefined): Promise<ControlReply> {
  switch (request.kind) {
    case "status":
      return { ok: true, message: `supervised by process ${process.pid}` };
    case "stop":
      if (request.instance !== undefined) return control.stopInstance(request.instance, { force: request.force, by });
      control.stop({ force: request.force, by });
      return { ok: true, message: request.force ? "it is being stopped by force" : "it is being stopped" };
    case "pause":
      return control.pause(by);
    case "unpause":
      return control.unpause(by);
    case "budget": {
      const why = await budgetRefusal(request.limit);
      if (why !== undefined) return { ok: false, message: why };
      return control.setBudget(request.limit, by);
    }
    case "retry":
      return control.retry(request.instances, by);
  }
}
