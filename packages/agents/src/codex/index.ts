import type { InstancePlan } from "@claude-orchestrator/domain";
import type { AgentAdapter, AgentProgram } from "@claude-orchestrator/engine/ports";
import { firstVersion, noneKnownBad } from "../shared/programVersion.ts";
import { unreadForms, unsupportedFields } from "../shared/unsupportedFields.ts";
import { codexInvocation } from "./invocation.ts";
import { codexParser } from "./parser.ts";

const native = (platform: string, target: string, file = "codex"): AgentProgram["nativePackages"][number] => ({
  name: `@openai/codex-${platform}`,
  path: `vendor/${target}/bin/${file}`,
});

const program: AgentProgram = {
  binary: "codex",
  // The npm wrapper is a Node process of its own that, killed, leaves the real one alive.
  nativePackages: [
    native("linux-x64", "x86_64-unknown-linux-musl"),
    native("linux-arm64", "aarch64-unknown-linux-musl"),
    native("darwin-x64", "x86_64-apple-darwin"),
    native("darwin-arm64", "aarch64-apple-darwin"),
    native("win32-x64", "x86_64-pc-windows-msvc", "codex.exe"),
    native("win32-arm64", "aarch64-pc-windows-msvc", "codex.exe"),
  ],
  homeFolders: [".local/bin", ".npm-global/bin"],
  install: "npm install -g @openai/codex",
  versionArgs: ["--version"],
  parseVersion: firstVersion,
  knownBad: noneKnownBad,
  signIn: {
    env: ["CODEX_API_KEY", "CODEX_ACCESS_TOKEN"],
    files: [".codex/auth.json", "$CODEX_HOME/auth.json"],
    how: "run `codex login`, or set CODEX_API_KEY (`codex exec` does not read OPENAI_API_KEY)",
  },
};

/** Codex CLI, as measured with 0.169. What its sandbox allows in each permission mode: `codexInvocation`. */
export const codex: AgentAdapter = {
  name: "codex",
  about: "OpenAI's Codex CLI, run as `codex exec --json` in its own sandbox",
  program,
  capabilities: {
    resume: true,
    usage: "end",
    cost: "priced",
    structuredOutput: true,
    commands: false,
    sessions: true,
    maxTurns: false,
    systemPrompt: true,
    mcp: true,
  },
  passEnv: ["CODEX_API_KEY", "CODEX_ACCESS_TOKEN", "CODEX_HOME", "CODEX_CA_CERTIFICATE"],
  gateway: {
    vendor: () => "openai",
    hides: ["CODEX_API_KEY", "CODEX_ACCESS_TOKEN", "OPENAI_API_KEY", "OPENAI_BASE_URL"],
    // A search that the API runs is offered to the model by default, and is charged beside its tokens.
    settings: (_way, own) => ({ web_search: "disabled", ...own }),
    // Given so, both become a provider of their own: see `codexInvocation`.
    env: ({ url, token }) => ({ OPENAI_BASE_URL: `${url}/openai/v1`, CODEX_API_KEY: token }),
  },
  // SIGINT ends it and its tools in 40 ms; SIGTERM leaves the tools alive.
  stopLadder: [
    { signal: "SIGINT", to: "process", waitMs: 3000 },
    { signal: "SIGTERM", to: "process", waitMs: 1000 },
    { signal: "SIGKILL", to: "group", waitMs: 1000 },
  ],
  problems: codexProblems,
  invocation: codexInvocation,
  createParser: codexParser,
};

const threadId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function codexProblems(instance: InstancePlan): readonly string[] {
  const { session } = instance;
  return [
    ...unreadForms("codex", instance),
    ...unsupportedFields("codex", instance, {
      prompt: "it works on a `prompt`",
      pre_commands: "`codex exec` has no slash commands; put the work into the prompt or into an instance before it",
      fallback_model: "it has no fallback model",
      max_turns: "it has no limit on turns; use `timeout` or a budget",
      allowed_tools: "it has no list of tools; `permission_mode` sets its sandbox",
      disallowed_tools: "it has no list of tools; `permission_mode` sets its sandbox",
      session_id: "it names its sessions itself; take the id from the result and use it with `resume`",
    }),
    ...(session.resume && !threadId.test(session.id ?? "")
      ? ["`session_id` to resume must be the UUID codex gave: for any other word it silently begins a new session"]
      : []),
    ...(instance.env.pass.includes("OPENAI_BASE_URL")
      ? ["`env` passes OPENAI_BASE_URL through, but codex does not read it: write its value in `env`"]
      : []),
  ];
}
