import { readFile } from "node:fs/promises";
import { agentByName } from "@claude-orchestrator/agents";
import { UserError } from "@claude-orchestrator/domain";
import type { GatewayPlan, KeySource, Plan, RunState } from "@claude-orchestrator/domain";
import type { ModelVendor } from "@claude-orchestrator/engine/ports";
import type { GatewayOptions, UpstreamOptions } from "@claude-orchestrator/gateway";
import type { Io } from "../io/channel.ts";
import { upstreamUrl, usualKey } from "./vendorHabits.ts";

/**
 * Everything the gateway of a run needs, with the keys read: undefined where the plan wants none, or none of its agents' keys is
 * known (a subscription has none). Such agents speak to their models by themselves, and are counted after the fact.
 *
 * @throws UserError gateway-key, gateway-upstream: what the file says and is not to be had
 */
export async function prepareGateway(
  plan: Plan,
  io: Pick<Io, "env">,
  history?: RunState,
): Promise<GatewayOptions | undefined> {
  const { gateway } = plan;
  if (gateway === undefined) return undefined;
  const ca = gateway.caFile === undefined ? undefined : await readCertificates(gateway.caFile);
  const found = await Promise.all(vendorsOf(plan).map((vendor) => upstreamOf(vendor, gateway, io, ca)));
  const upstreams = found.filter((upstream) => upstream !== undefined);
  if (upstreams.length === 0) return undefined;
  const port = portOf(history);
  const { allowUnpriced, maxConcurrentRequests } = gateway;
  return {
    upstreams,
    allowUnpriced,
    ...(maxConcurrentRequests === undefined ? {} : { maxConcurrentRequests }),
    ...(port === undefined ? {} : { port }),
  };
}

/** Whose APIs the agents of a plan ask, each once. */
export function vendorsOf(plan: Plan): readonly ModelVendor[] {
  const vendors = plan.instances.map((instance) => agentByName(instance.agent)?.gateway?.vendor(instance));
  return [...new Set(vendors.filter((vendor) => vendor !== undefined))];
}

async function upstreamOf(
  vendor: ModelVendor,
  gateway: GatewayPlan,
  { env }: Pick<Io, "env">,
  ca: string | undefined,
): Promise<UpstreamOptions | undefined> {
  const asked = gateway.upstreams[vendor];
  const source = asked?.key ?? usualKey(vendor, env);
  if (source === undefined) return undefined;
  // Apart: most runs have no gateway.
  const { parseUpstreamUrl, readKey } = await import("@claude-orchestrator/gateway");
  const url = upstreamUrl(vendor, asked?.url, env);
  parseUpstreamUrl(url, vendor);
  const key = await readKey(source, { env, platform: process.platform });
  return {
    vendor,
    url,
    key,
    scheme: isBearer(source, key) ? "bearer" : "own",
    ...(ca === undefined ? {} : { ca }),
    env,
  };
}

function isBearer(source: KeySource, key: string): boolean {
  return (source.kind === "env" && source.name.endsWith("_AUTH_TOKEN")) || key.startsWith("sk-ant-oat");
}

/** @throws UserError gateway-upstream */
export async function readCertificates(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new UserError("gateway-upstream", `the certificates in ${path} cannot be read (${code})`, {
      hint: "`ca` of the gateway names a file in PEM form",
    });
  }
}

/** Where the agents that an earlier supervisor left go on asking. */
export function portOf(history: RunState | undefined): number | undefined {
  const attempts = [...(history?.instances.values() ?? [])].flatMap((instance) => instance.attempts);
  const url = attempts.findLast(({ end, requests }) => end === undefined && requests !== undefined)?.requests?.url;
  return url === undefined || !URL.canParse(url) ? undefined : Number(new URL(url).port);
}
