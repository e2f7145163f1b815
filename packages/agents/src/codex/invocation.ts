import { isJsonObject } from "@claude-orchestrator/domain";
import type { InstancePlan, JsonObject, JsonValue } from "@claude-orchestrator/domain";
import type { AgentJob, Invocation } from "@claude-orchestrator/engine/ports";
import { longestPromptArgument } from "../shared/programVersion.ts";
import { toml } from "./toml.ts";

const schemaFile = "output-schema.json";
const instructionsFile = "instructions.md";

/**
 * `codex exec --json`, sandboxed by the permission mode:
 *
 *     plan, dontAsk                 read-only
 *     default, acceptEdits, auto    workspace-write (the folder and add_dirs, no network)
 *     bypassPermissions             no sandbox, no questions
 *
 * `default` may write because `codex exec` has nobody to ask and says nothing of what its sandbox refused: read-only
 * there would be a run that reports success with nothing done.
 */
export function codexInvocation(job: AgentJob): Invocation {
  const { instance } = job;
  const prompt = promptText(job);
  const byStdin = prompt.length > longestPromptArgument || prompt.includes("\0");
  const mcp = mcpServers(instance.mcpConfig);
  return {
    argv: [
      ...job.program,
      "exec",
      "--json",
      "--skip-git-repo-check",
      ...configArguments(job, mcp.servers),
      ...(instance.permissionMode === "bypassPermissions" ? ["--dangerously-bypass-approvals-and-sandbox"] : []),
      ...(instance.model === undefined ? [] : ["-m", instance.model]),
      ...(instance.jsonSchema === undefined ? [] : ["--output-schema", `${job.privateDirectory}/${schemaFile}`]),
      ...(job.resumeSession === undefined ? [] : ["resume", job.resumeSession]),
      ...(byStdin ? ["-"] : ["--", prompt]),
    ],
    ...(byStdin ? { stdin: prompt } : {}),
    env: mcp.env,
    files: {
      ...(instance.jsonSchema === undefined ? {} : { [schemaFile]: JSON.stringify(instance.jsonSchema) }),
      ...(instance.systemPrompt === undefined ? {} : { [instructionsFile]: instance.systemPrompt }),
    },
  };
}

/** An untrusted workspace's AGENTS.md is not loaded by codex itself: it goes before the first prompt, as text. */
function promptText({ instance, workspaceContext, resumeSession }: AgentJob): string {
  const text = instance.work.kind === "prompt" ? instance.work.text : "";
  const instructions =
    instance.trustWorkspace || resumeSession !== undefined ? undefined : workspaceContext?.instructions;
  if (instructions === undefined || instructions.trim() === "") return text;
  return `<project_instructions>\n${instructions.trim()}\n</project_instructions>\n\n${text}`;
}

function configArguments(job: AgentJob, servers: JsonObject): readonly string[] {
  const { instance } = job;
  const own: Record<string, JsonValue | undefined> = {
    // Without it, codex waits 5 s at its end where there is no way out to its telemetry host.
    "analytics.enabled": false,
    check_for_update_on_startup: false,
    sandbox_mode: sandboxMode(instance),
    "sandbox_workspace_write.writable_roots": instance.addDirs.length === 0 ? undefined : instance.addDirs,
    projects: trust(instance),
    model_reasoning_effort: instance.effort,
    developer_instructions: instance.appendSystemPrompt,
    model_instructions_file:
      instance.systemPrompt === undefined ? undefined : `${job.privateDirectory}/${instructionsFile}`,
    mcp_servers: Object.keys(servers).length === 0 ? undefined : servers,
    ...gateway(job),
  };
  const settings = isJsonObject(instance.settings) ? instance.settings : {};
  return Object.entries({ ...own, ...settings }).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : ["-c", `${key}=${toml(value)}`],
  );
}

function sandboxMode({ permissionMode }: InstancePlan): string | undefined {
  switch (permissionMode) {
    case "plan":
    case "dontAsk":
      return "read-only";
    case "bypassPermissions":
      return undefined;
    default:
      return "workspace-write";
  }
}

/**
 * Codex loads `.codex/` (MCP servers, hooks) of a project once a person trusted it in their own configuration, for the
 * folder itself or for one above it: each of them is named here, so that only our `trust_workspace` decides.
 */
function trust({ cwd, trustWorkspace }: InstancePlan): JsonObject {
  if (trustWorkspace) return { [cwd]: { trust_level: "trusted" } };
  return Object.fromEntries(foldersUpwards(cwd).map((folder) => [folder, { trust_level: "untrusted" }]));
}

function foldersUpwards(path: string): readonly string[] {
  const folders = [path];
  for (let end = lastSeparator(path); end >= 0; end = lastSeparator(path.slice(0, end))) {
    folders.push(end === 0 ? path.slice(0, 1) : path.slice(0, end));
  }
  return folders;
}

function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
}

/**
 * Codex does not read OPENAI_BASE_URL; given in the instance's `env`, it becomes a provider of its own, which also keeps
 * codex from trying a WebSocket first (six seconds of retries at a gateway that has none).
 */
function gateway({ instance, presentEnv }: AgentJob): Record<string, JsonValue> {
  const url = instance.env.values["OPENAI_BASE_URL"];
  if (url === undefined || url === "") return {};
  const given = new Set([...Object.keys(instance.env.values), ...instance.env.pass, ...presentEnv]);
  const key = ["CODEX_API_KEY", "OPENAI_API_KEY"].find((name) => given.has(name));
  if (key === undefined) return { openai_base_url: url };
  const provider = { name: "gateway", base_url: url, env_key: key, wire_api: "responses" };
  return { model_provider: "gateway", model_providers: { gateway: provider } };
}

/** `mcp_config` in the form the other agents take, as codex's `mcp_servers`. Values of `env` stay out of the argv. */
function mcpServers(config: JsonValue | undefined): { servers: JsonObject; env: Record<string, string> } {
  const given = isJsonObject(config) && isJsonObject(config["mcpServers"]) ? config["mcpServers"] : {};
  const env: Record<string, string> = {};
  const servers = Object.entries(given).map(([name, server]) => {
    if (!isJsonObject(server)) return [name, server] as const;
    const { env: values, type: _transport, headers, ...rest } = server;
    const names = isJsonObject(values) ? Object.keys(values) : [];
    for (const variable of names) env[variable] = textOf(isJsonObject(values) ? values[variable] : undefined);
    return [
      name,
      {
        ...rest,
        ...(names.length === 0 ? {} : { env_vars: names }),
        ...(headers === undefined ? {} : { http_headers: headers }),
      },
    ] as const;
  });
  return { servers: Object.fromEntries(servers), env };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}
