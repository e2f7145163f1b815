import type { InstancePlan, JsonObject } from "@claude-orchestrator/domain";
import type { AgentJob, Invocation } from "@claude-orchestrator/engine/ports";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instanceOf, jobOf } from "../testing/parsing.ts";
import { claude } from "./index.ts";
import { claudeSessionId } from "./sessionId.ts";

function invoke(fields: Partial<InstancePlan> = {}, job: Partial<AgentJob> = {}): Invocation {
  return claude.invocation(jobOf("claude", fields, job));
}

const always = ["/bin/agent", "-p", "--output-format=stream-json", "--verbose", "--include-partial-messages"];
const fresh = "--session-id=6f1b9d7e-0000-4000-8000-000000000001";
const prompt = (text: string, before: readonly string[] = []): Partial<InstancePlan> => ({
  work: { kind: "prompt", text, before },
});
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("the words Claude Code is run with", () => {
  test("for a plain prompt", () => {
    expect(invoke()).toEqual({
      argv: [...always, "--permission-mode=default", fresh, "--setting-sources=user", "--", "say hello"],
      env: {
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
        CLAUDE_CODE_STARTUP_FAILURE_RESULTS: "1",
        CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
        CLAUDE_CODE_FORWARD_SUBAGENT_TEXT: "1",
        CLAUDE_CODE_TMPDIR: "/private/1/claude",
      },
      files: {},
    });
  });

  test("carry every field of the plan", () => {
    const { argv, files } = invoke({
      model: "sonnet",
      fallbackModel: "haiku",
      effort: "high",
      maxTurns: 3,
      permissionMode: "acceptEdits",
      allowedTools: ["Read", "Bash(git log:*)"],
      disallowedTools: ["WebFetch"],
      addDirs: ["/other"],
      jsonSchema: { type: "object" },
      systemPrompt: "Be brief",
      appendSystemPrompt: "-- and kind",
      settings: { env: { TOKEN: "secret" } },
      mcpConfig: { docs: { command: "docs-server" } },
      trustWorkspace: true,
    });
    expect(argv.slice(always.length)).toEqual([
      "--permission-mode=acceptEdits",
      "--model=sonnet",
      "--fallback-model=haiku",
      "--effort=high",
      "--max-turns=3",
      "--allowedTools=Read",
      "--allowedTools=Bash(git log:*)",
      "--disallowedTools=WebFetch",
      "--add-dir=/other",
      '--json-schema={"type":"object"}',
      fresh,
      "--system-prompt=Be brief",
      "--append-system-prompt=-- and kind",
      "--settings=/private/1/settings.json",
      "--mcp-config=/private/1/mcp-0.json",
      "--strict-mcp-config",
      "--",
      "say hello",
    ]);
    expect(files).toEqual({
      "settings.json": '{"env":{"TOKEN":"secret"}}',
      "mcp-0.json": '{"mcpServers":{"docs":{"command":"docs-server"}}}',
    });
  });

  test("take paths of settings and servers as they are, and JSON in text as JSON", () => {
    const { argv, files } = invoke({ settings: "ci.json", mcpConfig: ["a.json", '{"mcpServers":{}}'] });
    expect(argv).toContain("--settings=ci.json");
    expect(argv.filter((word) => word.startsWith("--mcp-config"))).toEqual([
      "--mcp-config=a.json",
      "--mcp-config=/private/1/mcp-1.json",
    ]);
    expect(files).toEqual({ "mcp-1.json": '{"mcpServers":{}}' });
  });

  test("never let a value be taken for a flag, and never hold one longer than an argument may be", () => {
    const anyText = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom("-x", "--model", "--", "é".repeat(90_000)));
    fc.assert(
      fc.property(anyText, anyText, anyText, (text, system, tool) => {
        const { argv, stdin } = invoke({ ...prompt(text), systemPrompt: system, allowedTools: [tool.slice(0, 100)] });
        const end = argv.indexOf("--");
        const flags = end === -1 ? argv.slice(1) : argv.slice(1, end);
        expect(flags.every((word) => word === "-p" || word.startsWith("--"))).toBe(true);
        expect(end === -1 ? stdin : argv.slice(end + 1)).toEqual(end === -1 ? text : [text]);
        for (const word of argv) expect(new TextEncoder().encode(word).length).toBeLessThan(131_000);
      }),
    );
  });

  test("send a long prompt by standard input", () => {
    const { argv, stdin } = invoke(prompt("x".repeat(200_000)));
    expect(argv).not.toContain("--");
    expect(stdin).toHaveLength(200_000);
  });

  test("send a long system prompt by a file", () => {
    const { argv, files } = invoke({ appendSystemPrompt: "y".repeat(200_000) });
    expect(argv).toContain("--append-system-prompt-file=/private/1/append-system-prompt.md");
    expect(files["append-system-prompt.md"]).toHaveLength(200_000);
  });

  test("feed turns that come first one by one, so that none is joined to another", () => {
    const { argv, stdin } = invoke(prompt("go", ["/compact", "look"]));
    expect(argv).toContain("--input-format=stream-json");
    const turns = (stdin ?? "")
      .trimEnd()
      .split("\n")
      .map((each) => JSON.parse(each) as JsonObject);
    expect(turns).toEqual([
      { type: "user", message: { role: "user", content: "/compact" }, priority: "later" },
      { type: "user", message: { role: "user", content: "look" }, priority: "later", shouldQuery: true },
      { type: "user", message: { role: "user", content: "go" }, priority: "later" },
    ]);
  });

  test("say that the machine is a sandbox only to a root who asked to bypass permissions", () => {
    const sandbox = (fields: Partial<InstancePlan>, isRoot: boolean): string | undefined =>
      invoke(fields, { isRoot }).env["IS_SANDBOX"];
    expect(sandbox({ permissionMode: "bypassPermissions" }, true)).toBe("1");
    expect(sandbox({ permissionMode: "bypassPermissions" }, false)).toBeUndefined();
    expect(sandbox({ permissionMode: "default" }, true)).toBeUndefined();
  });
});

describe("the session", () => {
  const flagOf = (fields: Partial<InstancePlan>, job: Partial<AgentJob> = {}): string | undefined =>
    invoke(fields, job).argv.find((word) => /^--(session-id|resume)=/.test(word));
  const nightly = claudeSessionId("nightly");

  test("is begun under the id of the file, continued where it says so, and new where it is cleared", () => {
    expect(flagOf({ session: { id: "nightly", resume: false, clear: false } })).toBe(`--session-id=${nightly}`);
    expect(flagOf({ session: { id: "nightly", resume: true, clear: false } })).toBe(`--session-id=${nightly}`);
    expect(flagOf({ session: { id: "nightly", resume: true, clear: true } })).toBe(fresh);
    expect(flagOf({}, { resumeSession: "nightly" })).toBe(`--resume=${nightly}`);
  });

  test("has a valid id for any name, the same every time and another for another name", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(claudeSessionId(a)).toMatch(uuid);
        expect(claudeSessionId(a)).toBe(claudeSessionId(a));
        expect(claudeSessionId(a) === claudeSessionId(b)).toBe(a === b);
      }),
    );
    expect(claudeSessionId("nightly")).toBe("185296e0-935c-81f2-8df8-4fd5e387bb5a");
  });

  test("keeps a UUID as it is", () => {
    expect(claudeSessionId("11111111-2222-4333-8444-55555555555A")).toBe("11111111-2222-4333-8444-55555555555a");
  });
});

describe("what Claude Code cannot do of a plan", () => {
  test.each([
    [{ work: { kind: "argv", argv: ["ls"] } }, /`run` does not work/],
    [prompt("  "), /`prompt` is empty/],
    [prompt("go", [""]), /`prompt` is empty/],
    [{ effort: "huge" }, /`effort` is "huge"/],
    [{ model: "opus", fallbackModel: "opus" }, /`fallback_model` is the model itself/],
    [{ maxTurns: 0 }, /`max_turns`/],
    [{ settings: [] }, /`settings`/],
    [{ mcpConfig: [1] }, /`mcp_config`/],
  ] as readonly (readonly [Partial<InstancePlan>, RegExp])[])("%j is said", (fields, sentence) => {
    expect(claude.problems(instanceOf("claude", fields))).toEqual([expect.stringMatching(sentence)]);
  });

  test("is nothing in a plain plan", () => {
    expect(claude.problems(instanceOf("claude"))).toEqual([]);
  });
});

describe("the program", () => {
  const program = claude.program;

  test("tells its version, and which versions are known to be bad", () => {
    expect(program?.parseVersion("2.1.330 (Claude Code)\n")).toBe("2.1.330");
    expect(program?.parseVersion("command not found")).toBeUndefined();
    expect(program?.knownBad("2.1.197")).toMatch(/Node 20 picks 2\.1\.197/);
    expect(program?.knownBad("1.0.128")).toMatch(/older than 2\.1\.198/);
    expect(program?.knownBad("2.1.198")).toBeUndefined();
    expect(program?.knownBad("2.2.0")).toBeUndefined();
    expect(program?.knownBad("weird")).toBeUndefined();
  });
});
