import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRig, type FinishedRun, type Rig } from "./rig.ts";

/** The smallest server of the Model Context Protocol that can add. */
const addingServer = `
const lines = require("node:readline").createInterface({ input: process.stdin });
const answer = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
const number = { type: "number" };
const add = { name: "add", description: "Adds", inputSchema: { type: "object", properties: { a: number, b: number } } };
lines.on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  if (method === "initialize") {
    const serverInfo = { name: "demo", version: "1" };
    answer(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo });
  } else if (method === "tools/list") answer(id, { tools: [add] });
  else if (method === "tools/call") {
    answer(id, { content: [{ type: "text", text: "sum " + (params.arguments.a + params.arguments.b) }] });
  } else answer(id, {});
});
`;

/** Signed in as a subscriber is: only then Claude Code speaks of usage windows. */
const subscriber = { CLAUDE_CODE_OAUTH_TOKEN: "sk-ant-oat01-dummy-token-of-nobody", ANTHROPIC_API_KEY: "" };

const fleet = {
  limit_wait_max: "1m",
  variables: { who: "Ada" },
  defaults: { model: "haiku", append_system_prompt: "Always be brief, ${{ variables.who }}" },
  instances: [
    { name: "used up", prompt: "[[mock:429-sub]] Go", env: subscriber },
    { name: "nearly used up", prompt: "[[mock:rl-headers]] Go", env: subscriber },
    {
      name: "own server",
      prompt: "[[mock:tool-mcp]] Add",
      allowed_tools: ["mcp__demo__add"],
      mcp_config: { demo: { command: "node", args: ["server.cjs"] } },
    },
    { name: "elsewhere", command: "/here please", cwd: "sub" },
    { name: "unpriced", prompt: "Go", model: "claude-nonesuch-9" },
    { name: "built-in", command: "/cost" },
    { name: "compacted", prompt: "Go", compact_history: true },
    { name: "too long", prompt: "[[mock:400-long]] Go" },
    { name: "no credit", prompt: "[[mock:400-credit]] Go" },
    { name: "planner", prompt: "[[mock:permission-denied]] Go", permission_mode: "plan" },
    { name: "unbound", prompt: "[[mock:tool-bash-fail]] Go", permission_mode: "bypassPermissions" },
    {
      name: "verified",
      prompt: "[[mock:tool-write]] Go",
      permission_mode: "acceptEdits",
      success_when: [
        { file: "out.txt", pattern: "written" },
        { command: ["test", "-s", "out.txt"] },
        "workspace_changed",
      ],
    },
    {
      name: "refuted",
      prompt: "Go",
      success_when: { command: "echo not good enough >&2; false" },
      retry: { attempts: 2, delay: "10ms", on: "acceptance" },
    },
  ],
};

describe("what a file asks of the real Claude Code", () => {
  let rig: Rig;
  let run: FinishedRun;

  beforeAll(async () => {
    rig = await createRig({
      files: { "server.cjs": addingServer, "sub/.claude/commands/here.md": "Do it here, $ARGUMENTS\n" },
      config: fleet,
    });
    run = await rig.run();
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test("ends as it should for each", () => {
    expect(run.verdicts).toEqual({
      "used up": "rate_limited",
      "nearly used up": "succeeded",
      "own server": "succeeded",
      elsewhere: "succeeded",
      unpriced: "succeeded",
      "built-in": "succeeded",
      compacted: "succeeded",
      "too long": "failed",
      "no credit": "failed",
      planner: "blocked",
      unbound: "succeeded",
      verified: "succeeded",
      refuted: "failed",
    });
  });

  test("a used-up account window is told with the time it frees", () => {
    expect(run.instance("used up").failure).toMatchObject({
      kind: "usage_limit",
      resets_at: expect.stringMatching(/Z$/),
    });
    expect(run.stderr).toMatch(
      /five_hour is used up, resets at (?:\d{4}-\d\d-\d\d )?\d\d:\d\d \(in (?:1h0m|59m\d+s|60m)/,
    );
    expect(run.stderr).toMatch(/five_hour is nearly used up, 91 % used/);
  });

  test("an MCP server named in the file is started, used and ended", () => {
    expect(run.instance("own server").tools).toEqual({ mcp__demo__add: 1 });
    expect(run.rawOutput("own server")).toContain("sum 5");
  });

  test("a command of the instance's own folder is found there", () => {
    expect(rig.asked("text").some(({ body }) => body.includes("Do it here, please"))).toBe(true);
  });

  test("an addition to the system prompt arrives, filled in", () => {
    const asked = rig.asked("rl-headers");
    expect(asked.map(({ body }) => body.includes("Always be brief, Ada"))).toEqual([true]);
  });

  test("the cost of a model without a known price is unknown, never guessed", () => {
    expect(run.instance("unpriced")).toMatchObject({
      cost_usd: null,
      cost_source: "unknown",
      model: "claude-nonesuch-9",
    });
    expect(run.result.cost_usd).toBeNull();
  });

  test("a built-in command answers without asking the model", () => {
    expect(run.instance("built-in")).toMatchObject({ tokens: { total: 0 }, result: expect.stringContaining("cost") });
  });

  test("an error of the API keeps its kind", () => {
    const kinds = ["too long", "no credit"].map((name) => run.instance(name).failure?.kind);
    expect(kinds).toEqual(["invalid_request", "billing"]);
  });

  test("what was promised is checked: verified where it holds, refuted and tried again where it does not", () => {
    expect(run.instance("verified")).toMatchObject({ verification: "verified", reason: "done and verified" });
    expect(run.instance("refuted")).toMatchObject({ verification: "refuted", failure: { kind: "acceptance" } });
    expect(run.instance("refuted").attempts).toHaveLength(2);
    expect(run.instance("refuted").reason).toContain("not good enough");
  });
});
