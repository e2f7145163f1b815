import type { Channel, UpdateSource } from "@claude-orchestrator/update";
import type { Io } from "../io/channel.ts";
import { readPolicy } from "../policy/readPolicy.ts";
import { updateObstacle } from "../policy/updateObstacle.ts";
import { refuseIf } from "../run/problems.ts";
import { chooseSource } from "./chooseSource.ts";
import { wordOf } from "./updateSettings.ts";

/** `chooseSource`, unless the policy of this machine says otherwise. @throws UserError refused-by-policy and what that one throws */
export async function allowedSource(io: Io, channel: Channel, from?: string): Promise<UpdateSource> {
  const policy = await readPolicy();
  const source = from ?? wordOf(io.env["CLAUDE_ORCHESTRATOR_UPDATE_URL"]);
  const obstacle = policy === undefined ? undefined : updateObstacle(policy, { source, channel, cwd: io.cwd });
  refuseIf(obstacle === undefined ? [] : [obstacle]);
  return chooseSource(io, from);
}
