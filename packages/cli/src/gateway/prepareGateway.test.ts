import type { Plan, RunState } from "@claude-orchestrator/domain";
import { planFromPrompts } from "@claude-orchestrator/config";
import { describe, expect, test } from "vitest";
import { prepareGateway } from "./prepareGateway.ts";

const planFor = (agent: string, changes: Partial<Plan> = {}): Plan => ({
  ...planFromPrompts(["hi"], { agent, workspace: "/w", defaultConcurrency: 1, overrides: { gateway: true } }),
  ...changes,
});

const upstreams = async (agent: string, env: Record<string, string>, changes: Partial<Plan> = {}) =>
  (await prepareGateway(planFor(agent, changes), { env }))?.upstreams.map(({ vendor, url, key, scheme }) => [
    vendor,
    url,
    key,
    scheme,
  ]);

describe("the gateway of a run", () => {
  test.each([
    ["claude", { ANTHROPIC_API_KEY: "k" }, ["anthropic", "https://api.anthropic.com", "k", "own"]],
    [
      "claude",
      { ANTHROPIC_AUTH_TOKEN: "t", ANTHROPIC_BASE_URL: "http://g/x" },
      ["anthropic", "http://g/x", "t", "bearer"],
    ],
    ["codex", { OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://g/v1/" }, ["openai", "http://g", "k", "own"]],
    ["gemini", { GEMINI_API_KEY: "k" }, ["google", "https://generativelanguage.googleapis.com", "k", "own"]],
  ] as const)("finds the key and the address where %s would itself", async (agent, env, expected) => {
    expect(await upstreams(agent, env)).toEqual([expected]);
  });

  test("is none where it is not asked for, no key is known, or the agents are told to ask somebody else", async () => {
    const { gateway: _, ...off } = planFor("claude");
    expect(await prepareGateway(off, { env: { ANTHROPIC_API_KEY: "k" } })).toBeUndefined();
    expect(await upstreams("claude", { CLAUDE_CODE_OAUTH_TOKEN: "subscription" })).toBeUndefined();
    expect(await upstreams("claude", { ANTHROPIC_API_KEY: "k", CLAUDE_CODE_USE_BEDROCK: "1" })).toBeUndefined();
    expect(await upstreams("opencode", { ANTHROPIC_API_KEY: "k" })).toBeUndefined();
  });

  test("is refused before anything starts where a key or an address in the file is not to be had", async () => {
    const asked = (upstream: object, more: object = {}): Partial<Plan> => ({
      gateway: { upstreams: { anthropic: upstream }, allowUnpriced: false, ...more },
    });
    const env = { ANTHROPIC_API_KEY: "k" };
    await expect(upstreams("claude", env, asked({ key: { kind: "env", name: "GONE" } }))).rejects.toMatchObject({
      code: "gateway-key",
    });
    await expect(upstreams("claude", env, asked({ url: "gate.example.com" }))).rejects.toMatchObject({
      code: "gateway-upstream",
    });
    await expect(upstreams("claude", env, asked({}, { caFile: "/nowhere.pem" }))).rejects.toMatchObject({
      code: "gateway-upstream",
    });
  });

  test("listens where the agents of an earlier supervisor go on asking", async () => {
    const requests = {
      url: "http://127.0.0.1:4711",
      tokenHash: "",
      open: {},
      reserved: 0,
      settled: 0,
      uncertain: 0,
      refused: 0,
    };
    const history = { instances: new Map([["a", { attempts: [{ requests }] }]]) } as unknown as RunState;
    const options = await prepareGateway(planFor("claude"), { env: { ANTHROPIC_API_KEY: "k" } }, history);
    expect(options?.port).toBe(4711);
  });
});
