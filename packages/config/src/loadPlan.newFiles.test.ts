import { membersOf } from "@claude-orchestrator/domain";
import { describe, expect, test } from "vitest";
import { planOf } from "./testing/loading.ts";

describe("a file of ours", () => {
  test("fills every field of the plan", () => {
    const plan = planOf(`
name: release
description: Checks and ships
workspace: ../site
concurrency: 3
startup_delay: 500ms
start_at: 2am
trust_workspace: true
variables: { topic: cats, limit: 3 }
budget:
  tokens: 1000
  cost_usd: 2.5
  on_exceed: pause
  windows: [{ duration: 1h, cost_usd: 1 }]
  commands: { /review: { tokens: 500 } }
defaults:
  model: opus
  env: { SHARED: "1", BOTH: defaults }
instances:
  - name: review
    command: /review src
    agent: claude
    fallback_model: sonnet
    effort: high
    system_prompt: You check
    append_system_prompt: "About \${{ variables.topic }}"
    max_turns: 5
    add_dirs: [lib, /opt/x]
    mcp_config: mcp.json
    allowed_tools: Read, Bash(git log:*, ls)
    disallowed_tools: [WebFetch]
    permission_mode: acceptEdits
    settings: { a: 1 }
    json_schema: { type: object }
    session_id: s-\${{ variables.limit }}
    env: { BOTH: own, N: 3, FLAG: true, GONE: null }
    pass_env: [CI, CI]
    cwd: packages/a
    timeout: 1h30m
    idle_timeout: 90
    first_event_timeout: "45s"
    retry: { attempts: 4, delay: 2s, backoff: 3, max_delay: 1m, on: [timeout, crash] }
    priority: -2
    continue_on_failure: true
    trust_workspace: false
    budget: { tokens: 7, on_exceed: warn }
    success_when:
      - { command: [npm, test] }
      - { command: npm run lint }
      - { file: out.txt }
      - { pattern: ^ok, flags: im, file: out.txt }
      - { json_schema: { type: array } }
      - workspace_changed
  - name: ship
    run: [echo, "\${{ needs.review.result }}"]
    needs: [{ instance: review, when: "\${{ needs.review.exit_code == 0 }}" }]
  - name: clean
    run: rm -rf tmp
    needs: { instance: ship, when: always }
    retry: 2
`);
    expect(plan).toMatchObject({
      name: "release",
      description: "Checks and ships",
      workspace: "/home/ada/site",
      concurrency: 3,
      startupDelayMs: 500,
      startAt: "2am",
      variables: { topic: "cats", limit: 3 },
      notices: [],
      limits: [
        { scope: { kind: "run" }, unit: "tokens", limit: 1000, enforcement: "pause" },
        { scope: { kind: "run" }, unit: "cost_usd", limit: 2.5, enforcement: "pause" },
        { scope: { kind: "window", windowMs: 3_600_000 }, unit: "cost_usd", limit: 1, enforcement: "pause" },
        { scope: { kind: "command", command: "/review" }, unit: "tokens", limit: 500, enforcement: "pause" },
        { scope: { kind: "instance", instance: "review" }, unit: "tokens", limit: 7, enforcement: "warn" },
      ],
    });
    expect(plan.instances).toEqual([
      {
        name: "review",
        group: "review",
        description: "Execute /review",
        commandKey: "/review",
        agent: "claude",
        work: { kind: "prompt", text: "/review src", before: [] },
        model: "opus",
        fallbackModel: "sonnet",
        effort: "high",
        systemPrompt: "You check",
        appendSystemPrompt: "About ${{ variables.topic }}",
        maxTurns: 5,
        addDirs: ["/home/ada/site/lib", "/opt/x"],
        mcpConfig: "/home/ada/site/mcp.json",
        allowedTools: ["Read", "Bash(git log:*, ls)"],
        disallowedTools: ["WebFetch"],
        permissionMode: "acceptEdits",
        settings: { a: 1 },
        jsonSchema: { type: "object" },
        outputFormat: "stream-json",
        session: { id: "s-3", resume: false, clear: false },
        env: { values: { SHARED: "1", BOTH: "own", N: "3", FLAG: "true" }, pass: ["CI"] },
        cwd: "/home/ada/site/packages/a",
        needs: [],
        timeoutMs: 5_400_000,
        idleTimeoutMs: 90_000,
        firstEventTimeoutMs: 45_000,
        retry: { attempts: 4, delayMs: 2_000, backoff: 3, maxDelayMs: 60_000, on: ["timeout", "crash"] },
        priority: -2,
        continueOnFailure: true,
        successWhen: [
          { kind: "command", argv: ["npm", "test"] },
          { kind: "script", script: "npm run lint" },
          { kind: "file", path: "out.txt" },
          { kind: "pattern", pattern: "^ok", flags: "im", path: "out.txt" },
          { kind: "json_schema", schema: { type: "array" } },
          { kind: "workspace_changed" },
        ],
        trustWorkspace: false,
      },
      expect.objectContaining({
        agent: "command",
        work: { kind: "argv", argv: ["echo", "${{ needs.review.result }}"] },
        needs: [{ instance: "review", when: { expression: " needs.review.exit_code == 0 " } }],
        trustWorkspace: true,
      }),
      expect.objectContaining({
        agent: "command",
        work: { kind: "script", script: "rm -rf tmp" },
        needs: [{ instance: "ship", when: "always" }],
        retry: {
          attempts: 2,
          delayMs: 5_000,
          backoff: 2,
          maxDelayMs: 300_000,
          on: ["rate_limit", "overload", "connection", "crash"],
        },
      }),
    ]);
  });

  test("holds its budget unless it says otherwise", () => {
    const { limits } = planOf("budget: { tokens: 5 }\ninstances: [{ prompt: x, budget: { cost_usd: 1 } }]");
    expect(limits.map((limit) => limit.enforcement)).toEqual(["block", "block"]);
  });

  test("lets instances start by their forecast where that is asked for", () => {
    expect(planOf("budget: { tokens: 5, admission: p90 }\ninstances: [{ prompt: x }]").admission).toBe("p90");
    expect(planOf("budget: { tokens: 5 }\ninstances: [{ prompt: x }]").admission).toBeUndefined();
  });

  test("says when a command has a budget and nobody runs it", () => {
    const { notices } = planOf("budget: { commands: { /reviw: { tokens: 5 } } }\ninstances: [{ command: /review }]");
    expect(notices).toEqual(["No instance runs `/reviw`, which has a budget; the nearest is `/review`"]);
  });

  test("means the same as JSON", () => {
    const file = {
      name: "x",
      instances: [
        { name: "a", prompt: "x\ny", needs: ["b"] },
        { name: "b", run: ["ls"], timeout: "5m" },
      ],
    };
    const yaml =
      "name: x\ninstances:\n- name: a\n  prompt: |-\n    x\n    y\n  needs: b\n- name: b\n  run:\n  - ls\n  timeout: 300\n";
    expect(planOf(yaml)).toEqual(planOf(JSON.stringify(file)));
    expect(planOf(`\uFEFF${JSON.stringify(file)}`)).toEqual(planOf(yaml));
  });
});

test("defaults about the model are left out where a program is run; what the instance itself says stays", () => {
  const { instances } = planOf(`
defaults: { model: haiku, max_turns: 3, allowed_tools: [Read], permission_mode: plan, timeout: 5s, env: { A: "1" } }
instances:
  - { name: ask, prompt: Go }
  - { name: test, run: [npm, test] }
  - { name: odd, run: [npm, test], model: sonnet }
  - { name: chain, sequence: [Go, { run: [npm, test] }] }
`);
  expect(
    instances.map(({ name, model, maxTurns, allowedTools, timeoutMs }) => [
      name,
      model,
      maxTurns,
      allowedTools,
      timeoutMs,
    ]),
  ).toEqual([
    ["ask", "haiku", 3, ["Read"], 5000],
    ["test", undefined, undefined, undefined, 5000],
    ["odd", "sonnet", undefined, undefined, 5000],
    ["chain.1", "haiku", 3, ["Read"], 5000],
    ["chain.2", undefined, undefined, undefined, 5000],
  ]);
});

test("nothing that is said of agents for all of them reaches an instance that runs a program", () => {
  const everything = `
  agent: codex
  model: haiku
  fallback_model: sonnet
  effort: high
  system_prompt: Be brief
  append_system_prompt: Be kind
  max_turns: 3
  add_dirs: [lib]
  mcp_config: mcp.json
  allowed_tools: [Read]
  disallowed_tools: [Bash]
  permission_mode: plan
  settings: settings.json
  json_schema: { type: object }
  output_format: json
  max_tokens_per_command: 10
  budget: { tokens: 20 }
  trust_workspace: true`;
  const ofASequence = `
    session_id: mine
    clear_history: true
    compact_history: true
    pre_commands: [/init]`;
  const bare = planOf("instances: [{ name: bare, run: [ls] }, { name: chain, sequence: [{ run: [ls] }] }]");
  const plan = planOf(`
defaults:${everything}
instances:
  - { name: bare, run: [ls] }
  - name: chain${ofASequence}
    sequence: [{ run: [ls] }]
`);
  expect(plan).toEqual(bare);
});

test("what an instance says of its agent in a sequence holds for its prompts and not for its programs", () => {
  const { instances } = planOf(`
instances:
  - name: chain
    agent: codex
    session_id: mine
    prompt: Go on
    sequence: [{ model: a }, { run: [ls] }]
`);
  expect(instances.map(({ agent, session, work }) => [agent, session.id, work.kind])).toEqual([
    ["codex", "mine", "prompt"],
    ["command", undefined, "argv"],
  ]);
});

test("the file of a success condition may depend on the matrix and on variables", () => {
  const { instances } = planOf(`
variables: { folder: out }
defaults: { success_when: { file: "\${{ variables.folder }}/done" } }
instances:
  - name: build
    run: [make]
    matrix: { os: [linux, darwin] }
    success_when:
      - { file: "\${{ variables.folder }}/\${{ matrix.os }}" }
      - { pattern: ok, file: "\${{ matrix.os }}.log" }
      - { json_schema: { type: object }, file: "\${{ matrix.os }}.json" }
      - workspace_changed
  - { name: other, run: [make] }
`);
  expect(
    instances.map(({ successWhen }) => successWhen.flatMap((each) => ("path" in each ? [each.path] : []))),
  ).toEqual([["out/linux", "linux.log", "linux.json"], ["out/darwin", "darwin.log", "darwin.json"], ["out/done"]]);
});

test.each([
  ["no retry at all", "", 1],
  ["an empty retry", "retry: null", 1],
  ["a number", "retry: 5", 5],
  ["a delay alone", "retry: { delay: 10 }", 3],
  ["causes alone", "retry: { on: [usage_limit] }", 3],
  ["its own word", "retry: { attempts: 1, delay: 10 }", 1],
])("%s means so many attempts", (_what, retry, attempts) => {
  expect(planOf(`instances:\n  - prompt: x\n    ${retry}\n`).instances[0]?.retry.attempts).toBe(attempts);
});

describe("a matrix", () => {
  const plan = planOf(`
instances:
  - name: test
    prompt: "Test on \${{ matrix.os }}"
    model: \${{ matrix.model }}
    matrix:
      model: [opus, haiku]
      os: [linux, mac]
      exclude: [{ model: haiku, os: mac }]
      include: [{ os: linux, fast: true }, { model: sonnet, os: windows }]
  - name: report
    prompt: "\${{ needs.test.results }}"
    needs: test
`);

  test("makes an instance for each combination, as GitHub Actions does", () => {
    expect(plan.instances.map(({ name, group, model, matrix }) => [name, group, model, matrix])).toEqual([
      ["test (model=opus, os=linux, fast=true)", "test", "opus", { model: "opus", os: "linux", fast: true }],
      ["test (model=opus, os=mac)", "test", "opus", { model: "opus", os: "mac" }],
      ["test (model=haiku, os=linux, fast=true)", "test", "haiku", { model: "haiku", os: "linux", fast: true }],
      ["test (model=sonnet, os=windows)", "test", "sonnet", { model: "sonnet", os: "windows" }],
      ["report", "report", undefined, undefined],
    ]);
  });

  test("is needed as a whole", () => {
    expect(plan.instances.at(-1)?.needs).toEqual([{ instance: "test", when: "success" }]);
    expect(membersOf(plan, "test")).toHaveLength(4);
  });
});

describe("a sequence", () => {
  const plan = planOf(`
instances:
  - name: first
    prompt: x
  - name: deploy
    needs: first
    model: opus
    sequence:
      - Build it
      - { prompt: 'Ship \${{ needs["deploy.1"].result }}', name: ship, model: haiku }
      - { run: [curl, x] }
  - name: after
    prompt: x
    needs: [deploy]
`);

  test("is a chain whose first step has the needs of all", () => {
    expect(plan.instances.map(({ name, group, agent, model, needs }) => [name, group, agent, model, needs])).toEqual([
      ["first", "first", "claude", undefined, []],
      ["deploy.1", "deploy", "claude", "opus", [{ instance: "first", when: "success" }]],
      ["ship", "deploy", "claude", "haiku", [{ instance: "deploy.1", when: "success" }]],
      ["deploy.3", "deploy", "command", undefined, [{ instance: "ship", when: "success" }]],
      ["after", "after", "claude", undefined, [{ instance: "deploy", when: "success" }]],
    ]);
  });

  test("means its last step where it is needed", () => {
    expect(membersOf(plan, "deploy").map((member) => member.name)).toEqual(["deploy.3"]);
  });
});

test("instances of one session continue it along their needs", () => {
  const plan = planOf(
    "instances:\n- {name: b, prompt: x, session_id: s, needs: a}\n- {name: a, prompt: x, session_id: s}\n",
  );
  expect(plan.instances.map(({ name, session }) => [name, session.resume])).toEqual([
    ["b", true],
    ["a", false],
  ]);
});

test("flags win over the file", () => {
  const plan = planOf(
    "concurrency: 2\nworkspace: x\nbudget: {tokens: 5, cost_usd: 1}\ninstances: [{prompt: '${{ variables.a }}'}]",
    {
      overrides: {
        concurrency: 9,
        startupDelayMs: 7,
        workspace: "/flag",
        startAt: "2h",
        trustWorkspace: true,
        variables: { a: "b" },
        budget: { tokens: 6, onExceed: "warn", commandCostUsd: { "/x": 3 }, hide: true },
      },
    },
  );
  expect(plan).toMatchObject({
    concurrency: 9,
    startupDelayMs: 7,
    workspace: "/flag",
    startAt: "2h",
    variables: { a: "b" },
    hideBudgets: true,
    limits: [
      { scope: { kind: "run" }, unit: "tokens", limit: 6, enforcement: "warn" },
      { scope: { kind: "run" }, unit: "cost_usd", limit: 1, enforcement: "warn" },
      { scope: { kind: "command", command: "/x" }, unit: "cost_usd", limit: 3, enforcement: "warn" },
    ],
    instances: [{ trustWorkspace: true, cwd: "/flag" }],
  });
});
