import { describe, expect, test } from "vitest";
import { instanceOf, jobOf } from "../testing/parsing.ts";
import { opencode } from "./index.ts";

type Job = Parameters<typeof jobOf> extends [string, ...infer Rest] ? Rest : never;
const invoke = (...job: Job) => opencode.invocation(jobOf("opencode", ...job));
const configOf = (...job: Job): Record<string, unknown> =>
  JSON.parse(invoke(...job).env["OPENCODE_CONFIG_CONTENT"] ?? "null") as Record<string, unknown>;
const looking = { "*": "deny", read: "allow", glob: "allow", grep: "allow", list: "allow", todowrite: "allow" };

describe("opencode run", () => {
  test("takes its prompt by standard input, where nothing is quoted, and a title of ours", () => {
    const { argv, stdin } = invoke({ model: "anthropic/claude-sonnet-4-5", effort: "high" });
    expect(argv).toEqual([
      "/bin/agent",
      "run",
      "--format",
      "json",
      "--thinking",
      "--title=build",
      "--model=anthropic/claude-sonnet-4-5",
      "--variant=high",
    ]);
    expect(stdin).toBe("say hello");
  });

  test("is quiet, shares nothing, updates nothing", () => {
    const { OPENCODE_CONFIG_CONTENT: _config, ...env } = invoke().env;
    expect(env).toEqual({
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_PROJECT_CONFIG: "1",
    });
    expect(configOf()).toEqual({ autoupdate: false, share: "disabled", permission: looking });
  });

  test.each([
    ["default", looking],
    ["plan", looking],
    ["dontAsk", looking],
    ["acceptEdits", { ...looking, edit: "allow" }],
    ["bypassPermissions", { "*": "allow" }],
  ] as const)("in mode %s never asks: it allows or forbids", (permissionMode, permission) => {
    expect(configOf({ permissionMode })["permission"]).toEqual(permission);
  });

  test("allows and forbids single tools, and calls by pattern", () => {
    const permission = configOf({ allowedTools: ["bash(git *)", "bash(ls*)", "write"], disallowedTools: ["read"] })[
      "permission"
    ];
    expect(permission).toEqual({
      ...looking,
      bash: { "*": "deny", "git *": "allow", "ls*": "allow" },
      edit: "allow",
      read: "deny",
    });
  });

  test("finds gateways by their usual variables, whose values stay in the environment", () => {
    const at = (baseURL: string) => ({ options: { baseURL } });
    expect(
      configOf({ env: { values: { ANTHROPIC_BASE_URL: "http://gw" }, pass: ["OPENAI_BASE_URL"] } })["provider"],
    ).toEqual({
      anthropic: at("{env:ANTHROPIC_BASE_URL}/v1"),
      openai: at("{env:OPENAI_BASE_URL}"),
    });
    expect(configOf({ env: { values: { ANTHROPIC_BASE_URL: "http://gw/v1" }, pass: [] } })["provider"]).toEqual({
      anthropic: at("{env:ANTHROPIC_BASE_URL}"),
    });
  });

  test("gets system prompt, additions and the project's instructions as files", () => {
    const job: Job = [{ systemPrompt: "S", appendSystemPrompt: "A" }, { workspaceContext: { instructions: "I" } }];
    expect(invoke(...job).files).toEqual({ "system.md": "S", "appended.md": "A", "project-instructions.md": "I" });
    expect(configOf(...job)).toMatchObject({
      instructions: ["/private/1/appended.md", "/private/1/project-instructions.md"],
      agent: { build: { prompt: "{file:/private/1/system.md}" } },
    });
  });

  test("starts MCP servers as the file names them", () => {
    const mcpServers = {
      db: { command: "db-mcp", args: ["-x"], env: { K: "v" } },
      web: { type: "http", url: "http://m" },
    };
    expect(configOf({ mcpConfig: { mcpServers } })["mcp"]).toEqual({
      db: { type: "local", command: ["db-mcp", "-x"], enabled: true, environment: { K: "v" } },
      web: { type: "remote", url: "http://m", enabled: true },
    });
  });

  test("resumes the session it is given, and reads the folder's own configuration only where it is trusted", () => {
    const { argv, env } = invoke({ trustWorkspace: true }, { resumeSession: "ses_1" });
    expect(argv.at(-1)).toBe("--session=ses_1");
    expect(env["OPENCODE_DISABLE_PROJECT_CONFIG"]).toBeUndefined();
  });
});

test("what it cannot do is said in one sentence for each field", () => {
  expect(
    opencode.problems(
      instanceOf("opencode", {
        model: "sonnet",
        jsonSchema: {},
        session: { id: "nightly", resume: true, clear: false },
      }),
    ),
  ).toEqual([
    "`json_schema` does not work with agent `opencode`: it has no structured output; ask for JSON in the prompt and check it with `success_when`",
    "`model` must be `provider/model` for agent `opencode`, not `sonnet`",
    "`session_id` to resume must be an id opencode gave (ses_…)",
  ]);
});
