import { accountOf, isJsonObject } from "@claude-orchestrator/domain";
import type { AttemptState, InstancePlan, JsonObject } from "@claude-orchestrator/domain";
import type { EngineParts, RunRequest } from "./door.ts";
import type { AgentAdapter, AgentGateway, GatewayPass, GatewayWay } from "./ports.ts";

interface WayToModel {
  /** With the gateway's address and token in its `env`, where it goes there. */
  readonly instance: InstancePlan;
  readonly pass?: GatewayPass;
  /** Names that must not reach the agent from our environment. */
  readonly hidden: readonly string[];
}

/**
 * How an attempt speaks to its model: through the gateway where there is one that has the key, else by itself. One that an
 * earlier supervisor began goes on as it does.
 */
export function throughGateway(
  { instance, begun }: { readonly instance: InstancePlan; readonly begun?: AttemptState },
  adapter: AgentAdapter,
  request: RunRequest,
  parts: EngineParts,
): WayToModel {
  const byItself = { instance, hidden: [] };
  const { gateway } = adapter;
  const vendor = gateway?.vendor(instance);
  if (gateway === undefined || vendor === undefined) return byItself;
  if (begun !== undefined && begun.requests === undefined) return byItself;
  const { cwd, priority } = instance;
  const asking = { instance: instance.name, cwd, priority, account: accountOf(instance) };
  const pass = parts.gateway?.open(vendor, begun?.requests?.tokenHash, asking);
  if (pass === undefined) return byItself;
  const { maxOutputTokens } = { maxOutputTokens: undefined, ...request.plan.gateway };
  const way = { url: pass.url, token: pass.token, ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }) };
  const ours = gateway.env(way);
  const kept = Object.entries(instance.env.values).filter(([name]) => !gateway.hides.includes(name));
  return {
    instance: {
      ...instance,
      ...settingsOf(instance, gateway, way),
      env: { ...instance.env, values: { ...Object.fromEntries(kept), ...ours } },
    },
    pass,
    hidden: gateway.hides,
  };
}

/** Settings that are a path are left as they are: what stands there is the person's own. */
function settingsOf(
  { settings }: InstancePlan,
  gateway: AgentGateway,
  way: GatewayWay,
): { readonly settings?: JsonObject } {
  const own = settings ?? {};
  return gateway.settings === undefined || !isJsonObject(own) ? {} : { settings: gateway.settings(way, own) };
}
