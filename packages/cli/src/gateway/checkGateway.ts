import { UserError } from "@claude-orchestrator/domain";
import type { Plan } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import type { Obstacle } from "../run/problems.ts";
import type { PlanFlagValues } from "../run/readPlan.ts";
import { gatewayPaths, pastGateway } from "./gatewayPaths.ts";
import { readCertificates, vendorsOf } from "./prepareGateway.ts";
import { upstreamUrl, usualKey } from "./vendorHabits.ts";

interface CheckedGateway {
  readonly obstacles: readonly Obstacle[];
  readonly notices: readonly string[];
}

/**
 * What can be known of a plan's gateway before anything is started: its addresses, certificates and keys, and who asks past it.
 * No program is run for a key. A replay needs none of it.
 */
export async function checkGateway(
  plan: Plan,
  flags: Pick<PlanFlagValues, "replay">,
  io: Pick<Io, "env">,
): Promise<CheckedGateway> {
  if (plan.gateway === undefined || flags.replay !== undefined) return { obstacles: [], notices: [] };
  const { caFile, required = false } = plan.gateway;
  const checks = [
    ...(caFile === undefined ? [] : [() => readCertificates(caFile)]),
    ...vendorsOf(plan).map((vendor) => () => checkUpstream(vendor, plan.gateway?.upstreams[vendor], io)),
  ];
  const found = await Promise.all(checks.map(obstacleOf));
  const past = [...pastGateway(gatewayPaths(plan, io))];
  return {
    obstacles: [...found.flat(), ...(required ? past.map(refusedPast) : [])],
    notices: required ? [] : past.map(([why, names]) => pastSentence(why, names, plan)),
  };
}

function refusedPast([why, names]: readonly [string, readonly string[]]): Obstacle {
  return {
    code: "gateway-key",
    message: `${namesOf(names)} cannot go through the gateway, which is \`required\`: ${why}`,
    hint: "give the gateway a key it can use, or leave `required` out: then they are counted after the fact",
  };
}

function pastSentence(why: string, names: readonly string[], { limits, breakers }: Plan): string {
  const isSubAgentBudgeted = limits.some(({ scope }) => scope.kind === "sub_agent" && names.includes(scope.instance));
  const unmeasured = [
    ...(isSubAgentBudgeted ? ["budgets of sub-agents"] : []),
    ...(breakers === undefined ? [] : ["`breakers`"]),
  ];
  const not = unmeasured.length === 0 ? "" : `; ${unmeasured.join(" and ")} do not hold there`;
  return `The gateway is on, but not for ${namesOf(names)}: ${why}. Counted after the fact${not}`;
}

/** However many there are, the sentence stays one. */
const mostNames = 12;

function namesOf(names: readonly string[]): string {
  const more = names.length - mostNames;
  return `${names.slice(0, mostNames).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

async function checkUpstream(
  vendor: ReturnType<typeof vendorsOf>[number],
  asked: NonNullable<Plan["gateway"]>["upstreams"]["anthropic"],
  { env }: Pick<Io, "env">,
): Promise<void> {
  const source = asked?.key ?? usualKey(vendor, env);
  if (source === undefined) return;
  // Apart: most runs have no gateway.
  const { parseUpstreamUrl, readKey } = await import("@claude-orchestrator/gateway");
  parseUpstreamUrl(upstreamUrl(vendor, asked?.url, env), vendor);
  // What a program would print is known once it is run, which is the run's.
  if (source.kind === "command" || source.kind === "keychain") return;
  await readKey(source, { env, platform: process.platform });
}

/** What a person has to put right; anything else is a bug of ours. */
async function obstacleOf(check: () => Promise<unknown>): Promise<readonly Obstacle[]> {
  try {
    await check();
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }];
  }
}
