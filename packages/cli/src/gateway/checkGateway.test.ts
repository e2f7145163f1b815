import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planFromPrompts } from "@claude-orchestrator/config";
import type { GatewayPlan, InstancePlan, Plan } from "@claude-orchestrator/domain";
import { defaultBreakers } from "@claude-orchestrator/domain";
import { expect, onTestFinished, test } from "vitest";
import { checkGateway } from "./checkGateway.ts";
import { gatewayPaths } from "./gatewayPaths.ts";

const [sample] = planFromPrompts(["hi"], { agent: "claude", workspace: "/w", defaultConcurrency: 1 }).instances;

function planWith(gateway: Partial<GatewayPlan>, changes: Partial<Plan> = {}): Plan {
  const options = { agent: "claude", workspace: "/w", defaultConcurrency: 1 };
  const instances = ["a", "b"].map((name) => ({ ...(sample as InstancePlan), name }));
  const plan = { ...planFromPrompts(["hi"], options), instances, ...changes };
  return { ...plan, gateway: { upstreams: {}, allowUnpriced: false, ...gateway } };
}

const check = (plan: Plan, env: Record<string, string> = {}, replay?: string) =>
  checkGateway(plan, { replay }, { env });
const messages = async (plan: Plan, env?: Record<string, string>) =>
  (await check(plan, env)).obstacles.map(({ message }) => message);

test("agents without a key are named before anything starts, with why, and keep the soft path", async () => {
  const plan = planWith({});
  expect(await check(plan, { ANTHROPIC_API_KEY: "k" })).toEqual({ obstacles: [], notices: [] });
  const why = "no key for anthropic is known (ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN)";
  expect(await check(plan, { CLAUDE_CODE_OAUTH_TOKEN: "subscription" })).toEqual({
    obstacles: [],
    notices: [`The gateway is on, but not for a, b: ${why}. Counted after the fact`],
  });
  expect(gatewayPaths(plan, { env: {} })).toEqual([
    { path: "soft", name: "a", why },
    { path: "soft", name: "b", why },
  ]);
  expect(gatewayPaths(plan, { env: { ANTHROPIC_API_KEY: "k" } }).map(({ path }) => path)).toEqual(["hard", "hard"]);
});

test("what sends an agent elsewhere is named, and what does not hold there", async () => {
  const limit = { unit: "tokens", limit: 5, enforcement: "block" } as const;
  const limits = [{ ...limit, scope: { kind: "sub_agent", instance: "a" } as const }];
  const { notices } = await check(planWith({}, { limits, breakers: defaultBreakers }), {
    ANTHROPIC_API_KEY: "k",
    CLAUDE_CODE_USE_BEDROCK: "1",
  });
  expect(notices.join()).toMatch(/CLAUDE_CODE_USE_BEDROCK sends its agents elsewhere/);
  expect(notices.join()).toMatch(/budgets of sub-agents and `breakers` do not hold there$/);
});

test("where the gateway is required, an agent that would ask past it keeps all from starting", async () => {
  const plan = planWith({ required: true });
  expect(await messages(plan)).toEqual([
    "a, b cannot go through the gateway, which is `required`: no key for anthropic is known (ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN)",
  ]);
  expect(await messages(plan, { ANTHROPIC_API_KEY: "k" })).toEqual([]);
  // A script asks no model.
  const instances = plan.instances.map((each): InstancePlan => ({ ...each, agent: "command" }));
  expect(await messages({ ...plan, instances })).toEqual([]);
});

test("a key file, an address and certificates that are not to be had are told at once, and nothing of it is needed for a replay", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const open = join(folder, "open");
  writeFileSync(open, "secret-of-mine");
  chmodSync(open, 0o644);
  const plan = planWith({ upstreams: { anthropic: { key: { kind: "file", path: open } } }, caFile: `${folder}/none` });
  expect(await messages(plan)).toEqual([
    `the certificates in ${folder}/none cannot be read (ENOENT)`,
    `the key file ${open} may be read by others than its owner`,
  ]);
  expect(await messages(planWith({}), { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: "gate" })).toEqual([
    "`gate` is no address of an API (anthropic)",
  ]);
  expect(await check(plan, {}, "cassette")).toEqual({ obstacles: [], notices: [] });
});

test("no program is run for a key by looking alone", async () => {
  const command = { kind: "command", argv: ["/nowhere/pass"] } as const;
  expect(await messages(planWith({ upstreams: { anthropic: { key: command } } }))).toEqual([]);
});
