import { describe, expect, test } from "vitest";
import { instanceOf, jobOf } from "../testing/parsing.ts";
import { gemini } from "./index.ts";

const settingsFile = "gemini/.gemini/settings.json";
const keyed = { values: { GEMINI_API_KEY: "k" }, pass: [] };
type Job = Parameters<typeof jobOf> extends [string, ...infer Rest] ? Rest : never;
const invoke = (...job: Job) => gemini.invocation(jobOf("gemini", ...job));
const settingsOf = (...job: Job): unknown => JSON.parse(invoke(...job).files[settingsFile] ?? "null");

describe("gemini in a workspace nobody trusts", () => {
  test("runs in a home of its own, reading no settings, hooks, servers or .env of the folder", () => {
    const { argv, env, files } = invoke({ env: keyed, model: "gemini-3.8-flash" });
    expect(argv).toEqual([
      "/bin/agent",
      "--output-format",
      "stream-json",
      "--model",
      "gemini-3.8-flash",
      "--prompt=say hello",
    ]);
    expect(env).toEqual({
      GEMINI_CLI_TRUST_WORKSPACE: "false",
      GEMINI_CLI_NO_RELAUNCH: "true",
      GEMINI_TELEMETRY_ENABLED: "false",
      GEMINI_CLI_HOME: "/private/1/gemini",
    });
    expect(Object.keys(files)).toEqual([settingsFile]);
    expect(settingsOf({ env: keyed })).toMatchObject({
      security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
      advanced: { ignoreLocalEnv: true },
    });
  });

  test.each([
    ["default", undefined],
    ["plan", undefined],
    ["dontAsk", undefined],
    ["acceptEdits", '"replace"|"write_file"'],
    ["bypassPermissions", '"*"'],
  ] as const)("grants in mode %s by policy: %s", (permissionMode, tools) => {
    const policy = invoke({ permissionMode }).files["policy.toml"];
    const named =
      policy === undefined ? undefined : [...policy.matchAll(/toolName = (.*)/g)].map(([, tool]) => tool).join("|");
    expect(named).toBe(tools);
  });

  test("grants and forbids single tools, and commands by how they begin", () => {
    const { argv, files } = invoke({ allowedTools: ["run_shell_command(git log)"], disallowedTools: ["web_fetch"] });
    expect(files["policy.toml"]).toBe(
      '[[rule]]\ntoolName = "run_shell_command"\ncommandPrefix = "git log"\ndecision = "allow"\npriority = 910\n' +
        'allowRedirection = true\n\n[[rule]]\ntoolName = "web_fetch"\ndecision = "deny"\npriority = 920\n',
    );
    expect(argv).toContain("/private/1/policy.toml");
  });

  test("keeps our switches whatever `settings` say", () => {
    const settings = { ui: { theme: "x" }, security: { folderTrust: { enabled: true }, other: 1 } };
    expect(settingsOf({ settings, maxTurns: 4 })).toMatchObject({
      ui: { theme: "x" },
      security: { folderTrust: { enabled: false }, other: 1 },
      model: { maxSessionTurns: 4 },
    });
  });

  test("gets the project's instructions and what is appended to the system prompt before the prompt", () => {
    const { argv } = invoke({ appendSystemPrompt: "Be brief" }, { workspaceContext: { instructions: "Use tabs" } });
    expect(argv.at(-1)).toBe(
      "--prompt=<instructions>\nBe brief\n</instructions>\n\n<project_instructions>\nUse tabs\n</project_instructions>\n\nsay hello",
    );
  });
});

describe("gemini in a trusted workspace", () => {
  test("takes its approval mode, and the person's own home where there is no key", () => {
    const { argv, env, files } = invoke({ trustWorkspace: true, permissionMode: "acceptEdits" });
    expect(argv).toContain("auto_edit");
    expect(env["GEMINI_CLI_TRUST_WORKSPACE"]).toBe("true");
    expect([env["GEMINI_CLI_HOME"], files]).toEqual([undefined, {}]);
  });

  test("resumes a session of the person's own home", () => {
    const id = "6f1b9d7e-0000-4000-8000-000000000001";
    const session = { id, resume: true, clear: false };
    const { argv } = invoke({ trustWorkspace: true, env: keyed, session }, { resumeSession: id });
    expect(argv.slice(-3)).toEqual(["--resume", id, "--prompt=say hello"]);
  });

  test("starts the MCP servers it is given", () => {
    const mcpConfig = { mcpServers: { db: { command: "db-mcp" } } };
    expect(settingsOf({ trustWorkspace: true, mcpConfig })).toMatchObject(mcpConfig);
  });
});

test("a long prompt goes by standard input", () => {
  const text = "x".repeat(40_000);
  const { argv, stdin } = invoke({ work: { kind: "prompt", text, before: [] } });
  expect([argv.at(-1), stdin]).toEqual(["stream-json", text]);
});

test("a key of Vertex AI selects that sign-in", () => {
  expect(settingsOf({}, { presentEnv: ["GOOGLE_API_KEY"] })).toMatchObject({
    security: { auth: { selectedType: "vertex-ai" } },
  });
});

test("what it cannot do is said in one sentence for each field", () => {
  expect(
    gemini.problems(
      instanceOf("gemini", {
        effort: "high",
        mcpConfig: {},
        permissionMode: "auto",
        session: { id: "x", resume: false, clear: false },
      }),
    ),
  ).toEqual([
    "`effort` does not work with agent `gemini`: it has no such setting",
    "`mcp_config` does not work with agent `gemini`: it starts no MCP server unless `trust_workspace: true`",
    "`permission_mode: auto` does not exist for agent `gemini`: use acceptEdits",
    "`session_id` needs `trust_workspace: true` with agent `gemini`: its sessions are kept in your own ~/.gemini",
    "`session_id` must be a UUID for agent `gemini`",
  ]);
});
