import { setTimeout as wait } from "node:timers/promises";
import { UserError } from "@claude-orchestrator/domain";
import type { Wisher } from "@claude-orchestrator/domain";
import { askControl } from "@claude-orchestrator/host";
import type { ControlRequest } from "@claude-orchestrator/host";
import type { FoundRun } from "@claude-orchestrator/store";
import { programName } from "../program/version.ts";
import { readHistory } from "./history.ts";
import { interruptedHint, standingOf, supervisorWords } from "./standing.ts";
import type { SupervisorRecord } from "./supervisorRecord.ts";

/** A supervisor that has only just begun has not yet said where it can be asked. */
const announcementMs = 2000;

const pollMs = 50;

/**
 * Asks the supervisor of a run that has not settled; gives the sentence it answers.
 *
 * @param by whose wish it is, for the run's own log
 * @throws UserError run-not-running where there is none, or the run ends at that moment; run-busy where it refuses, or cannot be asked
 */
export async function askRun({ id, directory }: FoundRun, request: ControlRequest, by?: Wisher): Promise<string> {
  const supervisor = await supervisorOf(directory, id);
  if (supervisor?.control === undefined) {
    const pid = supervisor === undefined ? "" : `, or end it with \`kill ${supervisor.identity.pid}\``;
    throw new UserError("run-busy", `${id} is supervised${supervisorWords(supervisor)}, which cannot be asked`, {
      hint: `stop it where it was started${pid}`,
    });
  }
  const reply = await askControl(supervisor.control, request, { by });
  if ("unreachable" in reply) {
    // Its last event is on disk before it lets nobody in any more.
    if (readHistory({ id, directory })?.phase.status === "settled") {
      throw new UserError("run-not-running", `${id} has just come to its end`);
    }
    throw new UserError(
      "run-busy",
      `The supervisor of ${id} (process ${supervisor.identity.pid}) cannot be asked: ${reply.why}`,
      {
        hint: `\`kill ${supervisor.identity.pid}\` asks it to stop by a signal; \`${programName} ps\` tells whether it still runs`,
      },
    );
  }
  if (!reply.ok) throw new UserError("run-busy", `${id}: ${reply.message}`);
  return reply.message;
}

async function supervisorOf(directory: string, id: string): Promise<SupervisorRecord | undefined> {
  for (const until = performance.now() + announcementMs; ;) {
    const standing = standingOf(directory, false);
    if (standing.is !== "running") {
      throw new UserError("run-not-running", `${id} was interrupted: nobody supervises it`, {
        hint: interruptedHint(id),
      });
    }
    if (standing.supervisor !== undefined || performance.now() >= until) return standing.supervisor;
    await wait(pollMs);
  }
}
