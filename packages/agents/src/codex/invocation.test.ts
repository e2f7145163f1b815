import type { JsonValue } from "@claude-orchestrator/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instanceOf, jobOf } from "../testing/parsing.ts";
import { codex } from "./index.ts";
import { toml } from "./toml.ts";

const configOf = (argv: readonly string[], key: string): string | undefined =>
  argv.find((word, index) => argv[index - 1] === "-c" && word.startsWith(`${key}=`))?.slice(key.length + 1);

const argvOf = (...job: Parameters<typeof jobOf> extends [string, ...infer Rest] ? Rest : never): readonly string[] =>
  codex.invocation(jobOf("codex", ...job)).argv;

describe("codex exec", () => {
  test("is run without its telemetry, outside of git too, with the prompt after a double dash", () => {
    const { argv, ...rest } = codex.invocation(jobOf("codex", { cwd: "/a", model: "gpt-5.5" }));
    expect(argv).toEqual([
      "/bin/agent",
      "exec",
      "--json",
      "--skip-git-repo-check",
      "-c",
      "analytics.enabled=false",
      "-c",
      "check_for_update_on_startup=false",
      "-c",
      'sandbox_mode="workspace-write"',
      "-c",
      'projects={"/a"={"trust_level"="untrusted"},"/"={"trust_level"="untrusted"}}',
      "-m",
      "gpt-5.5",
      "--",
      "say hello",
    ]);
    expect(rest).toEqual({ env: {}, files: {} });
  });

  test.each([
    ["default", '"workspace-write"'],
    ["acceptEdits", '"workspace-write"'],
    ["auto", '"workspace-write"'],
    ["plan", '"read-only"'],
    ["dontAsk", '"read-only"'],
  ] as const)("in mode %s has the sandbox %s", (permissionMode, sandbox) => {
    expect(configOf(argvOf({ permissionMode }), "sandbox_mode")).toBe(sandbox);
  });

  test("has no sandbox in mode bypassPermissions only", () => {
    const argv = argvOf({ permissionMode: "bypassPermissions" });
    expect(argv).toContain("--dangerously-bypass-approvals-and-sandbox");
    expect(configOf(argv, "sandbox_mode")).toBeUndefined();
  });

  test("takes a long prompt by standard input", () => {
    const text = "x".repeat(40_000);
    const { argv, stdin } = codex.invocation(jobOf("codex", { work: { kind: "prompt", text, before: [] } }));
    expect([argv.at(-1), stdin]).toEqual(["-", text]);
  });

  test("resumes the thread it is given", () => {
    expect(argvOf({}, { resumeSession: "01a2" }).slice(-4)).toEqual(["resume", "01a2", "--", "say hello"]);
  });

  test("gets schema and system prompt as files, what is appended as developer instructions", () => {
    const { argv, files } = codex.invocation(
      jobOf("codex", { jsonSchema: { type: "object" }, systemPrompt: "Be brief", appendSystemPrompt: 'Say "yes"' }),
    );
    expect(files).toEqual({ "output-schema.json": '{"type":"object"}', "instructions.md": "Be brief" });
    expect(argv).toContain("/private/1/output-schema.json");
    expect(configOf(argv, "model_instructions_file")).toBe('"/private/1/instructions.md"');
    expect(configOf(argv, "developer_instructions")).toBe(String.raw`"Say \"yes\""`);
  });

  test("reaches a gateway named in the instance's environment, with the key left in the environment", () => {
    const env = { values: { OPENAI_BASE_URL: "http://gw/v1", OPENAI_API_KEY: "secret" }, pass: [] };
    const argv = argvOf({ env });
    expect(configOf(argv, "model_provider")).toBe('"gateway"');
    expect(configOf(argv, "model_providers")).toBe(
      '{"gateway"={"name"="gateway","base_url"="http://gw/v1","env_key"="OPENAI_API_KEY","wire_api"="responses"}}',
    );
    expect(argv.join(" ")).not.toContain("secret");
  });

  test("starts MCP servers with their secrets in the environment, not in its words", () => {
    const mcpConfig = { mcpServers: { db: { command: "db-mcp", args: ["-x"], env: { DB_KEY: "secret" } } } };
    const { argv, env } = codex.invocation(jobOf("codex", { mcpConfig }));
    expect(configOf(argv, "mcp_servers")).toBe('{"db"={"command"="db-mcp","args"=["-x"],"env_vars"=["DB_KEY"]}}');
    expect(env).toEqual({ DB_KEY: "secret" });
  });
});

describe("a workspace nobody trusts", () => {
  test("is named untrusted with every folder above it, whatever the person's own configuration says of them", () => {
    expect(configOf(argvOf({ cwd: String.raw`C:\code\app` }), "projects")).toBe(
      String.raw`{"C:\\code\\app"={"trust_level"="untrusted"},"C:\\code"={"trust_level"="untrusted"},"C:"={"trust_level"="untrusted"}}`,
    );
  });

  test("has its AGENTS.md given as text before the first prompt, and not again on resume", () => {
    const workspaceContext = { instructions: "Use tabs\n" };
    expect(argvOf({}, { workspaceContext }).at(-1)).toBe(
      "<project_instructions>\nUse tabs\n</project_instructions>\n\nsay hello",
    );
    expect(argvOf({}, { workspaceContext, resumeSession: "01a2" }).at(-1)).toBe("say hello");
    expect(argvOf({ trustWorkspace: true }, { workspaceContext }).at(-1)).toBe("say hello");
  });

  test("is trusted by trust_workspace alone", () => {
    expect(configOf(argvOf({ cwd: "/a/b", trustWorkspace: true }), "projects")).toBe(
      '{"/a/b"={"trust_level"="trusted"}}',
    );
  });
});

describe("what codex cannot do", () => {
  test("is said in one sentence for each field", () => {
    const instance = instanceOf("codex", { maxTurns: 3, allowedTools: ["x"], fallbackModel: "y" });
    expect(codex.problems(instance)).toEqual([
      "`fallback_model` does not work with agent `codex`: it has no fallback model",
      "`max_turns` does not work with agent `codex`: it has no limit on turns; use `timeout` or a budget",
      "`allowed_tools` does not work with agent `codex`: it has no list of tools; `permission_mode` sets its sandbox",
    ]);
  });

  test("includes resuming a session by a word that is not its id: it would silently begin a new one", () => {
    const session = (id: string) => instanceOf("codex", { session: { id, resume: true, clear: false } });
    expect(codex.problems(session("nightly"))).toHaveLength(1);
    expect(codex.problems(session("01a2078a-674d-7bb1-85a2-f4c9fba7557a"))).toEqual([]);
  });
});

test("any JSON becomes TOML on one line", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => !/[\n\r\u007F]/.test(toml(value as JsonValue))));
  expect(toml({ a: [1, null, "x\u007F"], b: null })).toBe(String.raw`{"a"=[1,"x\u007f"]}`);
});

test("its version is read from what it prints", () => {
  expect(codex.program?.parseVersion("codex-cli 0.169.0\n")).toBe("0.169.0");
});
