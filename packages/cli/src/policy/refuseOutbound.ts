import type { Plan } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { refuseIf } from "../run/problems.ts";
import { readPolicy } from "./readPolicy.ts";

/** @throws UserError refused-by-policy where that server may not be asked from this machine */
export async function refuseServer(url: URL): Promise<void> {
  const policy = await readPolicy();
  if (policy === undefined) return;
  // Apart: most machines have no policy.
  const { outboundObstacle } = await import("./outbound.ts");
  const obstacle = outboundObstacle(policy, { what: "`--server` would go", url: url.href });
  refuseIf(obstacle === undefined ? [] : [obstacle]);
}

/** @throws UserError refused-by-policy where somebody the plan notifies may not be told from this machine */
export async function refuseNotified(plan: Plan, { env }: Pick<Io, "env">): Promise<void> {
  const policy = await readPolicy();
  if (policy === undefined) return;
  const { notifyObstacles } = await import("./outbound.ts");
  refuseIf(notifyObstacles(policy, plan, env));
}
