import type { ModelVendor } from "@claude-orchestrator/engine/ports";
import type { GatewayPass } from "@claude-orchestrator/engine/ports";
import { startModelApi } from "@claude-orchestrator/testkit";
import type { ModelApi, ModelApiOptions, ScenarioName } from "@claude-orchestrator/testkit";
import { startGateway } from "../gateway.ts";
import type { Gateway, GatewayOptions } from "../gateway.ts";
import { TestDesk } from "./desk.ts";

export const realKey = "sk-real-6b1f0c7e-never-to-be-seen";

export type AskInit = Omit<RequestInit, "headers"> & { readonly headers?: Readonly<Record<string, string>> };

export interface GatewayRig extends AsyncDisposable {
  readonly api: ModelApi;
  readonly gateway: Gateway;
  readonly desk: TestDesk;
  readonly passes: Readonly<Record<ModelVendor, GatewayPass>>;
  /** Asks through the gateway as an agent of that vendor's does. */
  ask(vendor: ModelVendor, path: string, init?: AskInit): Promise<Response>;
}

/** A gateway before the stand-in, with one pass for each vendor and one desk for all. */
export async function createGatewayRig(
  scenario: ScenarioName,
  options: Partial<GatewayOptions> & Omit<ModelApiOptions, "port"> & { readonly url?: string } = {},
): Promise<GatewayRig> {
  const { port: _, ...ofApi } = options;
  const api = await startModelApi({ ...ofApi, scenario });
  const { url = api.url, ...others } = options;
  const vendors = ["anthropic", "openai", "google"] as const;
  const gateway = await startGateway({
    upstreams: vendors.map((vendor) => ({ vendor, url, key: realKey, scheme: "own", env: {} })),
    allowUnpriced: false,
    ...others,
  });
  const desk = new TestDesk();
  const open = (vendor: ModelVendor): GatewayPass => {
    const pass = gateway.open(vendor);
    if (pass === undefined) throw new Error(`no way to ${vendor}`);
    pass.answerTo(desk);
    return pass;
  };
  const passes = { anthropic: open("anthropic"), openai: open("openai"), google: open("google") };
  return {
    api,
    gateway,
    desk,
    passes,
    ask: (vendor, path, init = {}) =>
      fetch(`${gateway.url}/${vendor}${path}`, {
        ...init,
        headers: { "content-type": "application/json", ...tokenHeader(vendor, passes[vendor].token), ...init.headers },
      }),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await api.close();
    },
  };
}

function tokenHeader(vendor: ModelVendor, token: string): Record<string, string> {
  switch (vendor) {
    case "anthropic":
      return { "x-api-key": token };
    case "openai":
      return { authorization: `Bearer ${token}` };
    case "google":
      return { "x-goog-api-key": token };
  }
}
