import { isJsonObject } from "@claude-orchestrator/domain";
import type { InstancePlan, JsonObject, JsonValue } from "@claude-orchestrator/domain";
import type { AgentJob, Invocation } from "@claude-orchestrator/engine/ports";
import { permissionConfig } from "./permissions.ts";

const systemFile = "system.md";
const appendedFile = "appended.md";
const contextFile = "project-instructions.md";

/**
 * `opencode run --format json`, configured by OPENCODE_CONFIG_CONTENT, which wins over every file. The prompt always goes
 * by standard input: as an argument it would arrive wrapped in quotes, with its own quotes escaped.
 *
 * A repository's opencode.json, `.opencode/` plugins and MCP servers run code as soon as opencode starts there; without
 * `trust_workspace` OPENCODE_DISABLE_PROJECT_CONFIG keeps all of it out, AGENTS.md included, which is then given as text.
 */
export function opencodeInvocation(job: AgentJob): Invocation {
  const { instance } = job;
  return {
    argv: [
      ...job.program,
      "run",
      "--format",
      "json",
      "--thinking",
      // A title of ours spares the call of another model that would make one up, which is counted nowhere.
      `--title=${instance.name}`,
      ...(instance.model === undefined ? [] : [`--model=${instance.model}`]),
      ...(instance.effort === undefined ? [] : [`--variant=${instance.effort}`]),
      ...(job.resumeSession === undefined ? [] : [`--session=${job.resumeSession}`]),
    ],
    stdin: instance.work.kind === "prompt" ? instance.work.text : "",
    env: {
      OPENCODE_CONFIG_CONTENT: JSON.stringify(configuration(job)),
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      ...(instance.trustWorkspace ? {} : { OPENCODE_DISABLE_PROJECT_CONFIG: "1" }),
    },
    files: files(job),
  };
}

function files(job: AgentJob): Record<string, string> {
  const { systemPrompt, appendSystemPrompt } = job.instance;
  const context = projectInstructions(job);
  return {
    ...(systemPrompt === undefined ? {} : { [systemFile]: systemPrompt }),
    ...(appendSystemPrompt === undefined ? {} : { [appendedFile]: appendSystemPrompt }),
    ...(context === undefined ? {} : { [contextFile]: context }),
  };
}

function projectInstructions({ instance, workspaceContext }: AgentJob): string | undefined {
  return instance.trustWorkspace ? undefined : workspaceContext?.instructions;
}

function configuration(job: AgentJob): JsonObject {
  const { instance, privateDirectory } = job;
  const instructions = Object.keys(files(job)).filter((name) => name !== systemFile);
  const providers = gateways(job);
  const mcp = mcpServers(instance);
  return {
    autoupdate: false,
    share: "disabled",
    permission: permissionConfig(instance),
    ...(Object.keys(providers).length === 0 ? {} : { provider: providers }),
    ...(Object.keys(mcp).length === 0 ? {} : { mcp }),
    ...(instructions.length === 0 ? {} : { instructions: instructions.map((name) => `${privateDirectory}/${name}`) }),
    ...(instance.systemPrompt === undefined
      ? {}
      : { agent: { build: { prompt: `{file:${privateDirectory}/${systemFile}}` } } }),
    ...(isJsonObject(instance.settings) ? instance.settings : {}),
  };
}

/** opencode reads no endpoint from the environment by itself, but its configuration can: `{env:NAME}`. */
function gateways({ instance, presentEnv }: AgentJob): JsonObject {
  const isGiven = (name: string): boolean =>
    name in instance.env.values || instance.env.pass.includes(name) || presentEnv.includes(name);
  const at = (baseURL: string): JsonObject => ({ options: { baseURL } });
  // By its convention ANTHROPIC_BASE_URL ends before /v1, OPENAI_BASE_URL after it; opencode wants both with it.
  const anthropicPath = /\/v1\/?$/.test(instance.env.values["ANTHROPIC_BASE_URL"] ?? "") ? "" : "/v1";
  return {
    ...(isGiven("ANTHROPIC_BASE_URL") ? { anthropic: at(`{env:ANTHROPIC_BASE_URL}${anthropicPath}`) } : {}),
    ...(isGiven("OPENAI_BASE_URL") ? { openai: at("{env:OPENAI_BASE_URL}") } : {}),
  };
}

/** `mcp_config` in the form the other agents take, as opencode's `mcp`. */
function mcpServers({ mcpConfig }: InstancePlan): JsonObject {
  const given = isJsonObject(mcpConfig) && isJsonObject(mcpConfig["mcpServers"]) ? mcpConfig["mcpServers"] : {};
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, server]) => (isJsonObject(server) ? [[name, mcpServer(server)]] : [])),
  );
}

function mcpServer({ command, args, env, url, headers }: JsonObject): JsonObject {
  if (typeof url === "string") return { type: "remote", url, enabled: true, ...optional("headers", headers) };
  const words = [command ?? "", ...(Array.isArray(args) ? (args as readonly JsonValue[]) : [])];
  return { type: "local", command: words, enabled: true, ...optional("environment", env) };
}

function optional(key: string, value: JsonValue | undefined): JsonObject {
  return value === undefined ? {} : { [key]: value };
}
