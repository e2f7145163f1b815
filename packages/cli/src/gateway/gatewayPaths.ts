import { agentByName } from "@claude-orchestrator/agents";
import type { Plan } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { usualKey, whyKeyless } from "./vendorHabits.ts";

/** How an instance asks its model: through the gateway, or past it, and why. One whose agent asks no model has no path. */
export type GatewayPath =
  | { readonly path: "hard"; readonly name: string }
  /** `why` is the end of a sentence. */
  | { readonly path: "soft"; readonly name: string; readonly why: string };

/** The path of each instance by the keys that are known now, of a plan with a gateway; none is read. */
export function gatewayPaths(plan: Plan, { env }: Pick<Io, "env">): readonly GatewayPath[] {
  const { gateway } = plan;
  if (gateway === undefined) return [];
  return plan.instances.flatMap((instance): readonly GatewayPath[] => {
    const { name } = instance;
    const adapter = agentByName(instance.agent);
    if (adapter?.program === undefined) return [];
    const vendor = adapter.gateway?.vendor(instance);
    if (vendor === undefined) {
      return [{ path: "soft", name, why: `${instance.agent} asks this model by a way the gateway does not speak` }];
    }
    const source = gateway.upstreams[vendor]?.key ?? usualKey(vendor, env);
    return [source === undefined ? { path: "soft", name, why: whyKeyless(vendor, env) } : { path: "hard", name }];
  });
}

/** Instances that ask past the gateway, by why they do. */
export function pastGateway(paths: readonly GatewayPath[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const each of paths) {
    if (each.path === "hard") continue;
    const known = names.get(each.why);
    if (known === undefined) names.set(each.why, [each.name]);
    else known.push(each.name);
  }
  return names;
}
