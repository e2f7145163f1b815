import { agentByName } from "@claude-orchestrator/agents";
import { UserError } from "@claude-orchestrator/domain";
import type { InstancePlan, Plan, RunState } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { gatewayPaths, pastGateway } from "./gatewayPaths.ts";

/** A run that is taken up again. */
export interface GoingOn {
  /** Undefined: it never came to its first event. */
  readonly history: RunState | undefined;
  /** Settled instances that are wanted again. */
  readonly reopen: readonly string[];
}

/**
 * Whoever went through the gateway goes on through it: a run does not lose its hard budgets for the lack of a key that it had.
 * Where the file says so now, it does.
 *
 * @throws UserError gateway-key
 */
export function refuseToLeaveGateway(plan: Plan, { history, reopen }: GoingOn, io: Pick<Io, "env">): void {
  if (history === undefined) return;
  const wentThrough = plan.instances.filter(({ name }) =>
    history.instances.get(name)?.attempts.some(({ requests }) => requests !== undefined),
  );
  const vendors = new Set(wentThrough.map(vendorOf));
  const goesOn = new Set(
    plan.instances
      .filter((each) => vendors.has(vendorOf(each)) && isToRun(each, { history, reopen }))
      .map(({ name }) => name),
  );
  const [first] = pastGateway(gatewayPaths(plan, io).filter(({ name }) => goesOn.has(name)));
  if (first === undefined) return;
  const [why, names] = first;
  const message = `${history.id} went through the gateway, and ${why} now: ${names.join(", ")} would go on past it, where no budget is hard`;
  throw new UserError("gateway-key", message, {
    hint: "make the key known as it was when the run began, then ask again: nothing of the run is lost",
  });
}

function vendorOf(instance: InstancePlan) {
  return agentByName(instance.agent)?.gateway?.vendor(instance);
}

/** What was skipped may follow on what is wanted again. */
function isToRun({ name }: InstancePlan, { history, reopen }: GoingOn): boolean {
  const phase = history?.instances.get(name)?.phase;
  return phase?.status !== "settled" || phase.verdict === "skipped" || reopen.includes(name);
}
