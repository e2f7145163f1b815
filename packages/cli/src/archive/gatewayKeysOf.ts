import { UserError } from "@claude-orchestrator/domain";
import type { KeySource, Plan } from "@claude-orchestrator/domain";
import type { ModelVendor } from "@claude-orchestrator/engine/ports";
import type { RunLogReader } from "@claude-orchestrator/store";
import { vendorsOf } from "../gateway/prepareGateway.ts";
import { usualKey } from "../gateway/vendorHabits.ts";
import type { Io } from "../io/channel.ts";

/**
 * The keys that the gateway of a run had, as they are now, by the names that the log has for them. The log holds none, but what an
 * agent printed by itself is kept as it was. No program and no keychain is asked: such keys are among the `unknown`, in words.
 */
export async function gatewayKeysOf(
  log: RunLogReader,
  io: Pick<Io, "env">,
): Promise<{ readonly keys: Readonly<Record<string, string>>; readonly unknown: readonly string[] }> {
  const { plans, through } = readPlans(log);
  const found = await Promise.all(
    plans.flatMap((plan) => {
      const used = new Set(vendorsOf({ ...plan, instances: plan.instances.filter(({ name }) => through.has(name)) }));
      return vendorsOf(plan).map((vendor) => keyOf(vendor, plan.gateway?.upstreams[vendor]?.key, used.has(vendor), io));
    }),
  );
  const keys = Object.fromEntries(
    found.flatMap((each) => (each !== undefined && "key" in each ? [[each.name, each.key] as const] : [])),
  );
  const unknown = found.flatMap((each) => (each !== undefined && "unknown" in each ? [each.unknown] : []));
  return { keys, unknown: [...new Set(unknown)] };
}

/** Every plan with a gateway that the run has had, and which instances went through it. A replay has no keys. */
function readPlans(log: RunLogReader): { readonly plans: readonly Plan[]; readonly through: ReadonlySet<string> } {
  const plans: Plan[] = [];
  const through = new Set<string>();
  for (const event of log.events()) {
    if (event.type === "run-created" && event.replay !== undefined) break;
    if ("plan" in event && event.plan.gateway !== undefined) plans.push(event.plan);
    if (event.type === "attempt-planned" && event.gateway !== undefined) through.add(event.instance);
  }
  return { plans, through };
}

type Found = undefined | { readonly name: string; readonly key: string } | { readonly unknown: string };

/** Undefined for a key that the run did without. */
async function keyOf(
  vendor: ModelVendor,
  asked: KeySource | undefined,
  isUsed: boolean,
  { env }: Pick<Io, "env">,
): Promise<Found> {
  const source = asked ?? usualKey(vendor, env);
  const which = `the key of ${vendor}`;
  if (source === undefined) return isUsed ? { unknown: `${which} (in no variable)` } : undefined;
  if (source.kind === "command" || source.kind === "keychain") return { unknown: `${which} (${source.kind})` };
  // Apart: most runs have no gateway.
  const { readKey } = await import("@claude-orchestrator/gateway");
  try {
    const key = await readKey(source, { env, platform: process.platform });
    return { name: `${vendor.toUpperCase()}_KEY`, key };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { unknown: `${which} (${error.message})` };
  }
}
