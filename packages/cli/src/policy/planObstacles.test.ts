import { planFromPrompts } from "@claude-orchestrator/config";
import { loadPolicy } from "@claude-orchestrator/config/file";
import type { Policy } from "@claude-orchestrator/config/file";
import type { BudgetLimit, InstancePlan, Plan } from "@claude-orchestrator/domain";
import { expect, test } from "vitest";
import { outboundObstacles } from "./outbound.ts";
import { planObstacles } from "./planObstacles.ts";

function policy(text: string): Policy {
  const loaded = loadPolicy(text, { fileName: "/etc/p.yaml", knownAgents: ["claude", "codex", "command"] });
  if ("problems" in loaded) throw new Error(loaded.problems[0]?.message);
  return loaded.policy;
}

const written = planFromPrompts(["hi", "ho"], { agent: "claude", workspace: "/w", defaultConcurrency: 1 });
const gateway = { upstreams: {}, allowUnpriced: false };

/** The plan with every instance changed. */
function each(changes: Partial<InstancePlan>, plan: Plan = written): Plan {
  return { ...plan, instances: plan.instances.map((instance) => ({ ...instance, ...changes })) };
}

function refusals(text: string, plan: Plan, env: Record<string, string> = {}, isPlayed = false): readonly string[] {
  return planObstacles(policy(text), plan, { env, isPlayed }).map(({ message }) => message);
}

async function unreachable(text: string, plan: Plan, env: Record<string, string> = {}): Promise<readonly string[]> {
  return (await outboundObstacles(policy(text), plan, { env, isPlayed: false })).map(({ message }) => message);
}

const names = written.instances.map(({ name }) => `\`${name}\``).join(", ");

test("an agent that is not allowed is refused, with those that are and the line that says so", () => {
  const text = "# ours\nagents: [codex, command]";
  expect(refusals(text, written)).toEqual([
    `${names} would work with the agent \`claude\`, and the policy allows codex, command (/etc/p.yaml:2)`,
  ]);
  expect(refusals(text, each({ agent: "command" }))).toEqual([]);
});

test("a permission mode that is not allowed is refused where an agent has one", () => {
  const text = "permission_modes: [default, plan]";
  expect(refusals(text, each({ permissionMode: "bypassPermissions" }))).toEqual([
    `${names} would work with the permission mode \`bypassPermissions\`, and the policy allows default, plan (/etc/p.yaml:1)`,
  ]);
  expect(refusals(text, each({ permissionMode: "plan" }))).toEqual([]);
  expect(refusals(text, each({ permissionMode: "bypassPermissions", agent: "command" }))).toEqual([]);
});

test("a workspace is not trusted where it never is", () => {
  expect(refusals("trust_workspace: never", each({ trustWorkspace: true }))).toEqual([
    `${names} would load settings, hooks and MCP servers of the workspace, and the policy never allows it (/etc/p.yaml:1)`,
  ]);
  expect(refusals("trust_workspace: never", written)).toEqual([]);
});

test("a required gateway is on, and every agent can go through it; a script and a replay ask no model", () => {
  const text = "gateway: required";
  expect(refusals(text, written)).toEqual([
    "Agents would ask their models themselves, and the policy requires the gateway (/etc/p.yaml:1)",
  ]);
  expect(refusals(text, { ...written, gateway })[0]).toMatch(/would ask past the gateway, .*: no key for anthropic/);
  expect(refusals(text, { ...written, gateway }, { ANTHROPIC_API_KEY: "k", CLAUDE_CODE_USE_BEDROCK: "1" })[0]).toMatch(
    /CLAUDE_CODE_USE_BEDROCK sends its agents elsewhere/,
  );
  expect(refusals(text, { ...written, gateway }, { ANTHROPIC_API_KEY: "k" })).toEqual([]);
  expect(refusals(text, each({ agent: "command" }))).toEqual([]);
  expect(refusals(text, written, {}, true)).toEqual([]);
});

test("a run has a budget that stops it, no higher than the policy's, and no other budget counts for it", () => {
  const text = "max_budget: { cost_usd: 50, tokens: 1000000 }";
  const limits = (...all: readonly Partial<BudgetLimit>[]): Plan => ({
    ...written,
    limits: all.map((limit) => ({
      scope: { kind: "run" },
      unit: "cost_usd",
      limit: 50,
      enforcement: "block",
      ...limit,
    })),
  });
  const tokens = { unit: "tokens", limit: 5 } as const;
  expect(refusals(text, limits({}, tokens))).toEqual([]);
  const none = "The run has no such budget that stops it, and the policy wants one of at most $50.0000 (/etc/p.yaml:1)";
  expect(refusals(text, limits(tokens))).toEqual([none]);
  expect(refusals(text, limits(tokens, { enforcement: "warn" }))).toEqual([none]);
  expect(refusals(text, limits(tokens, { scope: { kind: "window", windowMs: 1 } }))).toEqual([none]);
  expect(refusals(text, limits(tokens, { limit: 80 }))).toEqual([
    "The run may spend $80.0000, and the policy wants one of at most $50.0000 (/etc/p.yaml:1)",
  ]);
  expect(refusals(text, each({ agent: "command" }))).toEqual([]);
});

test("telemetry that is off is off for spans and metrics", () => {
  const refused = [
    "The run would tell spans or metrics to other programs, and the policy has telemetry off (/etc/p.yaml:1)",
  ];
  expect(refusals("telemetry: off", { ...written, telemetry: { metricsPort: 9464 } })).toEqual(refused);
  expect(refusals("telemetry: off", { ...written, telemetry: { traces: {} } })).toEqual(refused);
  expect(refusals("telemetry: off", written)).toEqual([]);
});

test("every address this program would ask itself is among the hosts of the policy, wherever it is written", async () => {
  const text = "outbound: [hooks.example.org, '*.corp.example']";
  const hook = (url: string): Plan => ({
    ...written,
    notify: [
      { kind: "slack", url: { env: "HOOK" }, allowPrivate: false, on: ["failed"] },
      { kind: "webhook", url: { text: url }, allowPrivate: true, on: ["failed"] },
    ],
  });
  const notified = (host: string): string =>
    `A notification would go to ${host}, and the policy allows hooks.example.org, *.corp.example (/etc/p.yaml:1)`;
  expect(await unreachable(text, hook("https://HOOKS.example.org./x"))).toEqual([]);
  expect(await unreachable(text, hook("https://a.b.corp.example/x"))).toEqual([]);
  expect(await unreachable(text, hook("http://127.0.0.1:9/x"))).toEqual([]);
  for (const host of ["corp.example", "evilcorp.example", "hooks.example.org.evil.test", "127.0.0.1.evil.test"]) {
    expect(await unreachable(text, hook(`https://${host}/x`))).toEqual([notified(host)]);
  }
  expect(await unreachable(text, hook("http://[::1]/x"), { HOOK: "https://evil.test" })).toEqual([
    notified("evil.test"),
  ]);
  expect((await unreachable(text, { ...written, gateway }))[0]).toMatch(
    /^The gateway would go to api\.anthropic\.com,/,
  );
  const elsewhere = { ANTHROPIC_BASE_URL: "https://models.corp.example" };
  expect(await unreachable(text, { ...written, gateway }, elsewhere)).toEqual([]);
  const traces = { ...written, telemetry: { traces: {} } };
  expect(await unreachable(text, traces)).toEqual([]);
  const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: "https://evil.test" };
  expect((await unreachable("outbound: []", traces, collector))[0]).toMatch(
    /^Spans would go to evil\.test, .* allows no host/,
  );
});
