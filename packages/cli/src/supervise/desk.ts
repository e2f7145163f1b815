import { openControlServer } from "@claude-orchestrator/host";
import type { ControlReply, ControlRequest, ControlServer } from "@claude-orchestrator/host";
import type { RunControl } from "@claude-orchestrator/engine";
import { ownRecord, writeSupervisorRecord } from "./supervisorRecord.ts";

/** Where a run's supervisor can be asked, as long as it works. */
export interface Desk {
  /** Takes it away. Idempotent. */
  close(): void;
  /** Why nobody can ask, where that is so: the run itself does not need it. */
  readonly problem?: string;
}

/** Never rejects. The caller holds the run's lock. */
export async function setUpDesk(directory: string, control: RunControl): Promise<Desk> {
  const server = await openServer(directory, (request) => answer(control, request));
  if ("problem" in server) return { problem: server.problem, close: () => undefined };
  const { address, token, close } = server;
  const problem = await problemOf(writeSupervisorRecord(directory, { ...ownRecord(), control: { address, token } }));
  return { ...(problem === undefined ? {} : { problem }), close };
}

async function openServer(
  directory: string,
  answerer: (request: ControlRequest) => ControlReply,
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

function answer(control: RunControl, request: ControlRequest): ControlReply {
  switch (request.kind) {
    case "status":
      return { ok: true, message: `supervised by process ${process.pid}` };
    case "stop":
      if (request.instance !== undefined) return control.stopInstance(request.instance, request);
      control.stop({ force: request.force });
      return { ok: true, message: request.force ? "it is being stopped by force" : "it is being stopped" };
    case "pause":
      return control.pause();
    case "unpause":
      return control.unpause();
    case "retry":
      return control.retry(request.instances);
  }
}
