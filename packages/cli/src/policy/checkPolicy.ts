import type { Plan, RunState } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import type { Obstacle } from "../run/problems.ts";
import { readPolicy } from "./readPolicy.ts";

interface CheckedPolicy {
  readonly obstacles: readonly Obstacle[];
  readonly notices: readonly string[];
}

/**
 * Where a plan goes against what is locked on this machine, and a word of what is locked. Of a run that is taken up, with
 * the budgets that were set while it worked.
 *
 * @throws UserError policy-not-usable
 */
export async function checkPolicy(
  plan: Plan,
  { replay }: { readonly replay: string | undefined },
  { env }: Pick<Io, "env">,
  history?: RunState,
): Promise<CheckedPolicy> {
  const policy = await readPolicy();
  if (policy === undefined) return { obstacles: [], notices: [] };
  // Apart: most machines have no policy.
  const { lockedSentence, outboundObstacles, planObstacles, withBudgetsSet } = await import("./door.ts");
  const options = { env, isPlayed: replay !== undefined };
  return {
    obstacles: [
      ...planObstacles(policy, withBudgetsSet(history, plan), options),
      ...(await outboundObstacles(policy, plan, options)),
    ],
    notices: [lockedSentence(policy)],
  };
}
