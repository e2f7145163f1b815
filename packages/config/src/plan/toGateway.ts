import type { GatewayPlan, KeySource, UpstreamPlan } from "@claude-orchestrator/domain";
import type * as z from "zod/mini";
import type { Reporter } from "../check/reporter.ts";
import { filled } from "../filled.ts";
import type { LoadOptions } from "../loadOptions.ts";
import { resolvePath } from "../resolvePath.ts";
import type { GatewayFields, keySchema, upstreamSchema } from "../schema/gatewaySchema.ts";
import { quoted } from "../shown.ts";
import type { Path } from "../source/sourceNode.ts";

const vendors = ["anthropic", "openai", "google"] as const;

/** What is set where it is only switched on. */
export const plainGateway: GatewayPlan = { upstreams: {}, allowUnpriced: false };

/** The gateway's settings; nothing where it is off, which it is unless asked for. */
export function toGateway(
  given: GatewayFields | null | undefined,
  options: Omit<LoadOptions, "fileName">,
  reporter: Reporter,
): { readonly gateway?: GatewayPlan } {
  const asked = options.overrides?.gateway;
  const isOn = asked ?? (given === "on" || given === true || (typeof given === "object" && given !== null));
  if (asked === false || !isOn) return {};
  if (typeof given !== "object" || given === null) return { gateway: plainGateway };
  const { ca, required, allow_unpriced: allowUnpriced = false } = filled(given);
  const { max_output_tokens: maxOutputTokens, max_concurrent_requests: maxConcurrentRequests } = filled(given);
  const upstreams = vendors.flatMap((vendor) => {
    const upstream = given[vendor];
    if (upstream === undefined || upstream === null) return [];
    return [[vendor, upstreamOf(upstream, ["gateway", vendor], options, reporter)] as const];
  });
  const caFile = ca === undefined ? undefined : pathOf(ca, ["gateway", "ca"], options, reporter);
  return {
    gateway: {
      upstreams: Object.fromEntries(upstreams),
      allowUnpriced,
      ...filled({ caFile, maxOutputTokens, maxConcurrentRequests, required }),
    },
  };
}

function upstreamOf(
  given: z.infer<typeof upstreamSchema>,
  path: Path,
  options: Omit<LoadOptions, "fileName">,
  reporter: Reporter,
): UpstreamPlan {
  const { url, key } = filled(given);
  if (url !== undefined && !/^https?:\/\/[^\s/]/i.test(url)) {
    const hint = "write it with http:// or https://, such as https://gateway.example.com/anthropic";
    reporter.at([...path, "url"], `${quoted(url)} is no address of an API`, { hint });
  }
  return filled({
    url,
    key: key === undefined ? undefined : keyOf(key, [...path, "key"], options, reporter),
  });
}

function keyOf(
  given: z.infer<typeof keySchema>,
  path: Path,
  options: Omit<LoadOptions, "fileName">,
  reporter: Reporter,
): KeySource | undefined {
  const { env, file, command, credential, keychain, account } = filled(given);
  const sources: readonly KeySource[] = [
    ...(env === undefined ? [] : [{ kind: "env", name: env } as const]),
    ...(file === undefined
      ? []
      : [{ kind: "file", path: pathOf(file, [...path, "file"], options, reporter) } as const]),
    ...(command === undefined ? [] : [{ kind: "command", argv: command } as const]),
    ...(credential === undefined ? [] : [{ kind: "credential", name: credential } as const]),
    ...(keychain === undefined ? [] : [{ kind: "keychain", service: keychain, ...filled({ account }) } as const]),
  ];
  if (account !== undefined && keychain === undefined) {
    reporter.at([...path, "account"], "an account is one of a keychain's", { hint: "add `keychain: SERVICE`" });
  }
  if (sources.length === 1) return sources[0];
  const hint = "give it one of `env`, `file`, `command`, `credential`, `keychain`";
  reporter.at(path, "a key is read from one place", { hint });
  return undefined;
}

function pathOf(given: string, path: Path, options: Omit<LoadOptions, "fileName">, reporter: Reporter): string {
  const resolved = resolvePath(options.directory ?? options.workspace, given, options.home);
  if (resolved === undefined) reporter.at(path, "`~` is not known here", { hint: "write the path out" });
  return resolved ?? given;
}
