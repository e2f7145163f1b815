import { parseStartAt } from "@claude-orchestrator/config";
import type { Plan, RunState } from "@claude-orchestrator/domain";
import { createEnvironment } from "@claude-orchestrator/host";
import { readPairs } from "../commands/output.ts";
import { checkGateway } from "../gateway/checkGateway.ts";
import type { Io } from "../io/channel.ts";
import { checkPolicy } from "../policy/checkPolicy.ts";
import { diskObstacles } from "./diskBounds.ts";
import { notifyNotices } from "./notifications.ts";
import { assignOwnFolders } from "./ownFolders.ts";
import type { Obstacle } from "./problems.ts";
import {
  agentsOf,
  checkAgentPaths,
  findAgents,
  missingPrograms,
  programNotices,
  refusedByAdapters,
} from "./programs.ts";
import type { AgentOnMachine } from "./programs.ts";
import type { PlanFlagValues } from "./readPlan.ts";
import { newRunsFolder } from "./runsFolder.ts";
import { unknownCommands } from "./slashCommands.ts";
import { missingFolders, missingPaths } from "./workspace.ts";

export interface Preflight {
  /** With what was found out about the programs among its notices. */
  readonly plan: Plan;
  readonly agents: readonly AgentOnMachine[];
  /** ms since 1970; absent: at once. */
  readonly startAt?: number;
  /** Everything that keeps it from starting. */
  readonly obstacles: readonly Obstacle[];
}

/**
 * Everything that can be known before anything is started, found out at once. Starts nothing, writes nothing. `history` is that of
 * a run that is taken up.
 */
export async function checkBeforeStart(
  plan: Plan,
  flags: PlanFlagValues,
  io: Io,
  history?: RunState,
): Promise<Preflight> {
  const environment = createEnvironment(io.env);
  const paths = checkAgentPaths(readPairs("agent-path", flags["agent-path"]));
  const agents = await findAgents(agentsOf(plan), { environment, paths });
  const start = plan.startAt === undefined ? undefined : parseStartAt(plan.startAt, Date.now());
  const own = await assignOwnFolders({ plan, run: "to-be", directory: "", history }, io);
  const gateway = await checkGateway(plan, flags, io);
  const policy = await checkPolicy(plan, flags, io, history);
  const obstacles: readonly Obstacle[] = [
    ...policy.obstacles,
    ...(start !== undefined && "message" in start ? [{ code: "start-at-invalid", ...start } as const] : []),
    ...missingFolders(plan),
    ...missingPaths(plan),
    ...own.obstacles,
    ...diskObstacles(plan, newRunsFolder(io, flags["runs-dir"]), io),
    ...missingPrograms(agents),
    ...refusedByAdapters(plan),
    ...gateway.obstacles,
    ...(flags["allow-unknown-commands"]
      ? []
      : unknownCommands(plan, environment.get("HOME") ?? environment.get("USERPROFILE"))),
  ];
  const expecting = await withExpectations(plan, flags, io, history);
  return {
    plan: {
      ...expecting,
      notices: [
        ...expecting.notices,
        ...programNotices(agents),
        ...gateway.notices,
        ...policy.notices,
        ...notifyNotices(plan, environment),
      ],
    },
    agents,
    obstacles,
    ...(start !== undefined && "at" in start ? { startAt: start.at } : {}),
  };
}

async function withExpectations(plan: Plan, flags: PlanFlagValues, io: Io, history?: RunState): Promise<Plan> {
  if (plan.admission === undefined) return plan;
  // Apart, since it brings forecasting along: most runs start without.
  const forecasts = await import("../forecast/door.ts");
  return forecasts.withExpectations(plan, flags["runs-dir"], io, history);
}
