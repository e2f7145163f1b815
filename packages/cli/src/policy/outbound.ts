import { isIP } from "node:net";
import type { Policy } from "@claude-orchestrator/config/file";
import type { Plan } from "@claude-orchestrator/domain";
import { createEnvironment } from "@claude-orchestrator/host";
import { vendorsOf } from "../gateway/prepareGateway.ts";
import { upstreamUrl } from "../gateway/vendorHabits.ts";
import type { Io } from "../io/channel.ts";
import type { Obstacle } from "../run/problems.ts";
import { askAdministrator, refusal } from "./refusal.ts";

/** An address this program would ask, and for what. */
interface Outbound {
  /** The beginning of a sentence: "A notification would go". */
  readonly what: string;
  readonly url: string;
}

/** Where a plan would have this program reach a host that is not among those the policy names. Agents' own requests are not ours. */
export async function outboundObstacles(
  policy: Policy,
  plan: Plan,
  { env, isPlayed }: { readonly env: Io["env"]; readonly isPlayed: boolean },
): Promise<readonly Obstacle[]> {
  if (policy.locks.outbound === undefined) return [];
  const others = [...(await collected(plan, env)), ...(isPlayed ? [] : upstreams(plan, env))];
  return [...notifyObstacles(policy, plan, env), ...others.flatMap((each) => outboundObstacle(policy, each) ?? [])];
}

/** The same of notifications alone. */
export function notifyObstacles(policy: Policy, plan: Plan, env: Io["env"]): readonly Obstacle[] {
  return notified(plan, env).flatMap((each) => outboundObstacle(policy, each) ?? []);
}

/** The refusal of one address; undefined where it may be asked. What is no address fails by itself, and reaches nobody. */
export function outboundObstacle({ locks }: Policy, { what, url }: Outbound): Obstacle | undefined {
  if (locks.outbound === undefined || !URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  if (isThisMachine(hostname) || locks.outbound.value.some((allowed) => fits(hostname, allowed))) return undefined;
  const hosts = locks.outbound.value.length === 0 ? "no host" : locks.outbound.value.join(", ");
  return refusal(locks.outbound.at, `${what} to ${hostname}, and the policy allows ${hosts}`, askAdministrator);
}

function fits(hostname: string, allowed: string): boolean {
  const wanted = allowed.toLowerCase();
  const name = hostname.toLowerCase().replace(/\.$/, "");
  return wanted.startsWith("*.") ? name.endsWith(wanted.slice(1)) : name === wanted;
}

function isThisMachine(hostname: string): boolean {
  if (hostname === "localhost" || hostname === "[::1]") return true;
  return isIP(hostname) === 4 && hostname.startsWith("127.");
}

function notified({ notify = [] }: Plan, env: Io["env"]): readonly Outbound[] {
  return notify.flatMap((target): readonly Outbound[] => {
    if (target.kind === "desktop" || target.kind === "command") return [];
    const url = "text" in target.url ? target.url.text : (env[target.url.env] ?? "");
    return [{ what: "A notification would go", url }];
  });
}

async function collected({ telemetry }: Plan, env: Io["env"]): Promise<readonly Outbound[]> {
  if (telemetry?.traces === undefined) return [];
  // Apart: most runs have none.
  const { otlpSettings } = await import("@claude-orchestrator/telemetry");
  const settings = otlpSettings(telemetry.traces, createEnvironment(env));
  return settings === undefined ? [] : [{ what: "Spans would go", url: settings.url.href }];
}

function upstreams(plan: Plan, env: Io["env"]): readonly Outbound[] {
  const { gateway } = plan;
  if (gateway === undefined) return [];
  return vendorsOf(plan).map((vendor) => ({
    what: "The gateway would go",
    url: upstreamUrl(vendor, gateway.upstreams[vendor]?.url, env),
  }));
}
