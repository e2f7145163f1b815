import type { InstancePlan } from "@claude-orchestrator/domain";
import type { AgentAdapter, AgentProgram } from "@claude-orchestrator/engine/ports";
import { firstVersion, noneKnownBad } from "../shared/programVersion.ts";
import { unreadForms, unsupportedFields } from "../shared/unsupportedFields.ts";
import { geminiInvocation } from "./invocation.ts";
import { geminiParser } from "./parser.ts";

const program: AgentProgram = {
  binary: "gemini",
  nativePackages: [],
  homeFolders: [".local/bin", ".npm-global/bin"],
  install: "npm install -g @google/gemini-cli",
  versionArgs: ["--version"],
  parseVersion: firstVersion,
  knownBad: noneKnownBad,
  signIn: {
    env: ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS"],
    files: [".gemini/oauth_creds.json"],
    how: "set GEMINI_API_KEY, or run `gemini` once and sign in (used only where the workspace is trusted)",
  },
};

/** Gemini CLI, as measured with 0.61. */
export const gemini: AgentAdapter = {
  name: "gemini",
  about: "Google's Gemini CLI, run as `gemini -o stream-json` in a home of its own",
  program,
  capabilities: {
    // Its sessions live in its home, which ends with the attempt unless the workspace is trusted.
    resume: false,
    usage: "end",
    cost: "priced",
    structuredOutput: false,
    commands: false,
    sessions: true,
    maxTurns: true,
    systemPrompt: true,
    mcp: true,
  },
  passEnv: [
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "GOOGLE_GEMINI_BASE_URL",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "GOOGLE_VERTEX_BASE_URL",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_CLOUD_LOCATION",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GEMINI_CLI_CUSTOM_HEADERS",
  ],
  gateway: {
    vendor: ({ env }) => ("GOOGLE_GENAI_USE_VERTEXAI" in env.values ? undefined : "google"),
    hides: [
      "GEMINI_API_KEY",
      "GOOGLE_API_KEY",
      "GOOGLE_GEMINI_BASE_URL",
      "GOOGLE_GENAI_USE_VERTEXAI",
      "GOOGLE_VERTEX_BASE_URL",
      "GOOGLE_CLOUD_PROJECT",
      "GOOGLE_CLOUD_LOCATION",
      "GOOGLE_APPLICATION_CREDENTIALS",
      "GEMINI_CLI_CUSTOM_HEADERS",
    ],
    env: ({ url, token }) => ({ GOOGLE_GEMINI_BASE_URL: `${url}/google`, GEMINI_API_KEY: token }),
  },
  // Both end it with exit 0 and no result; its tools survive and are swept by the host.
  stopLadder: [
    { signal: "SIGINT", to: "process", waitMs: 2000 },
    { signal: "SIGTERM", to: "group", waitMs: 2000 },
    { signal: "SIGKILL", to: "group", waitMs: 1000 },
  ],
  problems: geminiProblems,
  invocation: geminiInvocation,
  createParser: geminiParser,
};

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function geminiProblems(instance: InstancePlan): readonly string[] {
  const { session, trustWorkspace, permissionMode } = instance;
  const hasSession = session.id !== undefined || session.resume;
  return [
    ...unreadForms("gemini", instance),
    ...unsupportedFields("gemini", instance, {
      prompt: "it works on a `prompt`",
      pre_commands: "it takes one prompt per run; put the work into an instance before it",
      fallback_model: "it has no fallback model",
      effort: "it has no such setting",
      json_schema: "it has no structured output; ask for JSON in the prompt and check it with `success_when`",
      ...(trustWorkspace ? {} : { mcp_config: "it starts no MCP server unless `trust_workspace: true`" }),
    }),
    ...(permissionMode === "auto"
      ? ["`permission_mode: auto` does not exist for agent `gemini`: use acceptEdits"]
      : []),
    ...(hasSession && !trustWorkspace
      ? ["`session_id` needs `trust_workspace: true` with agent `gemini`: its sessions are kept in your own ~/.gemini"]
      : []),
    ...(hasSession && !uuid.test(session.id ?? "") ? ["`session_id` must be a UUID for agent `gemini`"] : []),
  ];
}
