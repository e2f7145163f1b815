import type { InstancePlan } from "@claude-orchestrator/domain";
import type { AgentAdapter, AgentProgram } from "@claude-orchestrator/engine/ports";
import { firstVersion, noneKnownBad } from "../shared/programVersion.ts";
import { unreadForms, unsupportedFields } from "../shared/unsupportedFields.ts";
import { opencodeInvocation } from "./invocation.ts";
import { opencodeParser } from "./parser.ts";

const native = (platform: string, file = "opencode"): AgentProgram["nativePackages"][number] => ({
  name: `opencode-${platform}`,
  path: `bin/${file}`,
});

const program: AgentProgram = {
  binary: "opencode",
  nativePackages: [
    native("linux-x64"),
    native("linux-arm64"),
    native("linux-x64-musl"),
    native("linux-arm64-musl"),
    native("darwin-arm64"),
    native("darwin-x64"),
    native("windows-x64", "opencode.exe"),
    native("windows-arm64", "opencode.exe"),
  ],
  homeFolders: [".opencode/bin", ".local/bin", ".npm-global/bin"],
  install: "npm install -g opencode-ai",
  versionArgs: ["--version"],
  parseVersion: firstVersion,
  knownBad: noneKnownBad,
  signIn: {
    env: ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY", "OPENCODE_API_KEY"],
    files: [".local/share/opencode/auth.json", "$XDG_DATA_HOME/opencode/auth.json"],
    how: "run `opencode auth login`, or set the API key of your model's provider",
  },
};

/** opencode, as measured with 1.18: each one at work takes seconds of CPU to start and 600 MB of memory. */
export const opencode: AgentAdapter = {
  name: "opencode",
  about: "opencode with any provider's model, run as `opencode run --format json`",
  program,
  capabilities: {
    resume: true,
    usage: "live",
    cost: "reported",
    structuredOutput: false,
    commands: false,
    sessions: true,
    maxTurns: false,
    systemPrompt: true,
    mcp: true,
  },
  passEnv: [
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_BASE_URL",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "GEMINI_API_KEY",
    "GOOGLE_GENERATIVE_AI_API_KEY",
    "OPENROUTER_API_KEY",
    "OPENCODE_API_KEY",
  ],
  gateway: {
    vendor: ({ model }) => {
      if (model?.startsWith("anthropic/") === true) return "anthropic";
      return model?.startsWith("openai/") === true ? "openai" : undefined;
    },
    hides: [
      "ANTHROPIC_API_KEY",
      "ANTHROPIC_BASE_URL",
      "OPENAI_API_KEY",
      "OPENAI_BASE_URL",
      "GEMINI_API_KEY",
      "GOOGLE_GENERATIVE_AI_API_KEY",
      "OPENROUTER_API_KEY",
      "OPENCODE_API_KEY",
    ],
    // The token opens the way to the one whose model it is; to the other it is a wrong key.
    env: ({ url, token }) => ({
      ANTHROPIC_BASE_URL: `${url}/anthropic`,
      ANTHROPIC_API_KEY: token,
      OPENAI_BASE_URL: `${url}/openai/v1`,
      OPENAI_API_KEY: token,
    }),
  },
  // Either ends it at once, without a word; its tools survive and are swept by the host.
  stopLadder: [
    { signal: "SIGINT", to: "process", waitMs: 2000 },
    { signal: "SIGTERM", to: "group", waitMs: 2000 },
    { signal: "SIGKILL", to: "group", waitMs: 1000 },
  ],
  problems: opencodeProblems,
  invocation: opencodeInvocation,
  createParser: opencodeParser,
};

function opencodeProblems(instance: InstancePlan): readonly string[] {
  const { model, permissionMode, session } = instance;
  return [
    ...unreadForms("opencode", instance),
    ...unsupportedFields("opencode", instance, {
      prompt: "it works on a `prompt`",
      pre_commands: "it takes one prompt per run; put the work into an instance before it",
      fallback_model: "it has no fallback model",
      max_turns: "it has no limit on turns that ends a run; use `timeout` or a budget",
      add_dirs: "folders outside its own are open to it with `permission_mode: bypassPermissions` only",
      json_schema: "it has no structured output; ask for JSON in the prompt and check it with `success_when`",
      session_id: "it names its sessions itself; take the id from the result and use it with `resume`",
    }),
    ...(model !== undefined && !/^[^/]+\/./.test(model)
      ? [`\`model\` must be \`provider/model\` for agent \`opencode\`, not \`${model}\``]
      : []),
    ...(permissionMode === "auto"
      ? ["`permission_mode: auto` does not exist for agent `opencode`: use acceptEdits"]
      : []),
    ...(session.resume && !(session.id ?? "").startsWith("ses_")
      ? ["`session_id` to resume must be an id opencode gave (ses_…)"]
      : []),
  ];
}
