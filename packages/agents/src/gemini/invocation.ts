import { isJsonObject } from "@claude-orchestrator/domain";
import type { InstancePlan, JsonObject } from "@claude-orchestrator/domain";
import type { AgentJob, Invocation } from "@claude-orchestrator/engine/ports";
import { longestPromptArgument } from "../shared/programVersion.ts";
import { policyRules } from "./policy.ts";

const policyFile = "policy.toml";
const systemFile = "system.md";
const homeFolder = "gemini";

/**
 * `gemini -o stream-json`. Three things of this CLI shape what follows:
 *
 * 1. A trusted folder's `.gemini/` runs code (hooks, MCP servers, discoveryCommand) and its `.env` redirects the API key; an
 *    untrusted one is refused outright without a terminal, unless `security.folderTrust` is off in the user's settings
 *    while GEMINI_CLI_TRUST_WORKSPACE says false: then it runs, and reads nothing of the folder's settings.
 * 2. GOOGLE_GEMINI_BASE_URL without a selected sign-in in those settings ends in "Invalid auth method selected".
 * 3. The file for system settings must belong to root, with all its parents: no way in for anybody else.
 *
 * So the CLI gets a home of its own (GEMINI_CLI_HOME; HOME stays) in the private directory, with settings written by us.
 * Only a trusted workspace may use the person's own `~/.gemini`: for a Google sign-in, and for sessions, which live there.
 */
export function geminiInvocation(job: AgentJob): Invocation {
  const { instance } = job;
  const prompt = promptText(job);
  const byStdin = prompt.length > longestPromptArgument || prompt.includes("\0");
  const personsHome = usesPersonsHome(job);
  const rules = policyRules(instance);
  return {
    argv: [
      ...job.program,
      "--output-format",
      "stream-json",
      ...(instance.model === undefined ? [] : ["--model", instance.model]),
      ...approvalMode(instance),
      ...(rules === "" ? [] : ["--policy", `${job.privateDirectory}/${policyFile}`]),
      ...instance.addDirs.flatMap((folder) => ["--include-directories", folder]),
      ...sessionArguments(job, personsHome),
      ...(byStdin ? [] : [`--prompt=${prompt}`]),
    ],
    ...(byStdin ? { stdin: prompt } : {}),
    env: environment(job, personsHome),
    files: {
      ...(rules === "" ? {} : { [policyFile]: rules }),
      ...(instance.systemPrompt === undefined ? {} : { [systemFile]: instance.systemPrompt }),
      ...(personsHome ? {} : { [`${homeFolder}/.gemini/settings.json`]: JSON.stringify(settings(job)) }),
    },
  };
}

const keyNames = ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_CLOUD_PROJECT"];

function isGiven({ instance, presentEnv }: AgentJob, name: string): boolean {
  return name in instance.env.values || instance.env.pass.includes(name) || presentEnv.includes(name);
}

function usesPersonsHome(job: AgentJob): boolean {
  const { trustWorkspace, session, mcpConfig, maxTurns, settings: given } = job.instance;
  if (!trustWorkspace) return false;
  if (session.id !== undefined || job.resumeSession !== undefined) return true;
  const needsSettings = mcpConfig !== undefined || maxTurns !== undefined || given !== undefined;
  return !needsSettings && !keyNames.some((name) => isGiven(job, name));
}

function settings(job: AgentJob): JsonObject {
  const { instance } = job;
  const given = isJsonObject(instance.settings) ? instance.settings : {};
  const mcp = isJsonObject(instance.mcpConfig) ? instance.mcpConfig["mcpServers"] : undefined;
  const vertex =
    !isGiven(job, "GEMINI_API_KEY") && (isGiven(job, "GOOGLE_GENAI_USE_VERTEXAI") || isGiven(job, "GOOGLE_API_KEY"));
  return merge(
    {
      general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      ...(instance.maxTurns === undefined ? {} : { model: { maxSessionTurns: instance.maxTurns } }),
      ...(mcp === undefined ? {} : { mcpServers: mcp }),
    },
    given,
    {
      security: { auth: { selectedType: vertex ? "vertex-ai" : "gemini-api-key" }, folderTrust: { enabled: false } },
      // A repository's .env could send the API key elsewhere.
      ...(instance.trustWorkspace ? {} : { advanced: { ignoreLocalEnv: true } }),
    },
  );
}

/** Later ones win, object by object. */
function merge(...layers: readonly JsonObject[]): JsonObject {
  const merged: Record<string, JsonObject[string]> = {};
  for (const [key, value] of layers.flatMap((layer) => Object.entries(layer))) {
    const before = merged[key];
    merged[key] = isJsonObject(before) && isJsonObject(value) ? merge(before, value) : value;
  }
  return merged;
}

function environment(job: AgentJob, personsHome: boolean): Record<string, string> {
  return {
    GEMINI_CLI_TRUST_WORKSPACE: job.instance.trustWorkspace ? "true" : "false",
    // Its own second process halves the speed and swallows signals.
    GEMINI_CLI_NO_RELAUNCH: "true",
    GEMINI_TELEMETRY_ENABLED: "false",
    ...(personsHome ? {} : { GEMINI_CLI_HOME: `${job.privateDirectory}/${homeFolder}` }),
    ...(job.instance.systemPrompt === undefined ? {} : { GEMINI_SYSTEM_MD: `${job.privateDirectory}/${systemFile}` }),
  };
}

/** In an untrusted folder the CLI puts every mode back to `default`; policy rules speak instead. */
function approvalMode({ permissionMode, trustWorkspace }: InstancePlan): readonly string[] {
  if (!trustWorkspace) return [];
  switch (permissionMode) {
    case "acceptEdits":
      return ["--approval-mode", "auto_edit"];
    case "bypassPermissions":
      return ["--approval-mode", "yolo"];
    case "plan":
      return ["--approval-mode", "plan"];
    default:
      return [];
  }
}

function sessionArguments({ instance, resumeSession }: AgentJob, personsHome: boolean): readonly string[] {
  if (!personsHome) return [];
  if (resumeSession !== undefined) return ["--resume", resumeSession];
  return instance.session.id === undefined ? [] : ["--session-id", instance.session.id];
}

/**
 * This CLI can replace its system prompt but add nothing to it, and reads no GEMINI.md of an untrusted folder: both go
 * before the first prompt, as text.
 */
function promptText({ instance, workspaceContext, resumeSession }: AgentJob): string {
  const text = instance.work.kind === "prompt" ? instance.work.text : "";
  if (resumeSession !== undefined) return text;
  const context = instance.trustWorkspace ? undefined : workspaceContext?.instructions;
  return [
    ...section("instructions", instance.appendSystemPrompt),
    ...section("project_instructions", context),
    text,
  ].join("\n\n");
}

function section(name: string, text: string | undefined): readonly string[] {
  return text === undefined || text.trim() === "" ? [] : [`<${name}>\n${text.trim()}\n</${name}>`];
}
