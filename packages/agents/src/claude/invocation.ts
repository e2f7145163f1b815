import type { InstancePlan, JsonObject, JsonValue } from "@claude-orchestrator/domain";
import { isJsonObject } from "@claude-orchestrator/domain";
import type { AgentJob, Invocation } from "@claude-orchestrator/engine/ports";
import { longestPromptArgument } from "../shared/programVersion.ts";
import { claudeSessionId } from "./sessionId.ts";
import { untrustedWorkspace, type UntrustedWorkspace } from "./untrustedWorkspace.ts";

/**
 * Always stream-json, whatever `output_format` says: that is a wish about what the person gets, not about how we read.
 * Every value is written `--name=value`, so none can be taken for a flag, and the prompt stands behind `--`.
 */
export function claudeInvocation(job: AgentJob): Invocation {
  const { instance } = job;
  const workspace = instance.trustWorkspace ? untrustedWorkspace(undefined) : untrustedWorkspace(job.workspaceContext);
  const inDirectory = (path: string): string => `${job.privateDirectory}/${path}`;
  const input = inputOf(instance, workspace);
  const texts = longTexts(instance, inDirectory);
  const settings = settingsOf(instance, workspace, inDirectory);
  const servers = mcpServers(instance.mcpConfig, inDirectory);
  return {
    argv: [
      ...job.program,
      "-p",
      "--output-format=stream-json",
      "--verbose",
      "--include-partial-messages",
      ...plainFlags(instance),
      ...sessionFlags(job),
      ...trustFlags(instance, workspace, inDirectory),
      ...texts.flags,
      ...settings.flags,
      ...servers.flags,
      ...input.flags,
    ],
    ...(input.stdin === undefined ? {} : { stdin: input.stdin }),
    env: environment(job, workspace),
    files: { ...workspace.files, ...texts.files, ...settings.files, ...servers.files },
  };
}

/** True where the CLI's cumulative figures include what earlier processes of the session spent. */
export function continuesSession({ resumeSession }: AgentJob): boolean {
  return resumeSession !== undefined;
}

interface Part {
  readonly flags: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

function flag(name: string, value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}

function plainFlags(instance: InstancePlan): readonly string[] {
  return [
    ...flag("permission-mode", instance.permissionMode),
    ...flag("model", instance.model),
    ...flag("fallback-model", instance.fallbackModel),
    ...flag("effort", instance.effort),
    ...flag("max-turns", instance.maxTurns),
    ...(instance.allowedTools ?? []).flatMap((tool) => flag("allowedTools", tool)),
    ...(instance.disallowedTools ?? []).flatMap((tool) => flag("disallowedTools", tool)),
    ...instance.addDirs.flatMap((folder) => flag("add-dir", folder)),
    ...(instance.jsonSchema === undefined ? [] : flag("json-schema", JSON.stringify(instance.jsonSchema))),
  ];
}

function sessionFlags(job: AgentJob): readonly string[] {
  const { session } = job.instance;
  if (job.resumeSession !== undefined) return flag("resume", claudeSessionId(job.resumeSession));
  if (session.id === undefined || session.clear) return flag("session-id", claudeSessionId(job.freshSessionId));
  return flag("session-id", claudeSessionId(session.id));
}

function trustFlags(
  instance: InstancePlan,
  { contextFolder, pluginFolder }: UntrustedWorkspace,
  inDirectory: (path: string) => string,
): readonly string[] {
  if (instance.trustWorkspace) return [];
  return [
    "--setting-sources=user",
    ...(contextFolder === undefined ? [] : flag("add-dir", inDirectory(contextFolder))),
    ...(pluginFolder === undefined ? [] : flag("plugin-dir", inDirectory(pluginFolder))),
  ];
}

/** A text longer than an argument may be goes by a file. */
function longTexts(instance: InstancePlan, inDirectory: (path: string) => string): Part {
  const flags: string[] = [];
  const files: Record<string, string> = {};
  for (const [name, text] of [
    ["system-prompt", instance.systemPrompt],
    ["append-system-prompt", instance.appendSystemPrompt],
  ] as const) {
    if (text === undefined) continue;
    if (text.length <= longestPromptArgument) {
      flags.push(`--${name}=${text}`);
    } else {
      files[`${name}.md`] = text;
      flags.push(`--${name}-file=${inDirectory(`${name}.md`)}`);
    }
  }
  return { flags, files };
}

/** Settings go by a file: they may hold secrets, and an argument is for everybody to see. */
function settingsOf(
  { settings, trustWorkspace }: InstancePlan,
  { pluginFolder }: UntrustedWorkspace,
  inDirectory: (path: string) => string,
): Part {
  const ours: JsonObject = !trustWorkspace && pluginFolder !== undefined ? { disableSkillShellExecution: true } : {};
  const theirs = typeof settings === "string" ? parsedObject(settings) : settings;
  if (typeof theirs === "string") return { flags: flag("settings", theirs) };
  const merged = isJsonObject(theirs) ? { ...theirs, ...ours } : ours;
  if (Object.keys(merged).length === 0) return { flags: [] };
  return {
    flags: flag("settings", inDirectory("settings.json")),
    files: { "settings.json": JSON.stringify(merged) },
  };
}

/** The value where the text is a JSON object, else the text: a path. */
function parsedObject(text: string): JsonValue {
  if (!text.trimStart().startsWith("{")) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/** Named servers are the only ones: what runs should not depend on whose machine it is. */
function mcpServers(config: JsonValue | undefined, inDirectory: (path: string) => string): Part {
  if (config === undefined || config === null) return { flags: [] };
  const flags: string[] = [];
  const files: Record<string, string> = {};
  for (const [index, each] of (Array.isArray(config) ? (config as readonly JsonValue[]) : [config]).entries()) {
    const value = typeof each === "string" ? parsedObject(each) : each;
    if (isJsonObject(value)) {
      const name = `mcp-${index}.json`;
      files[name] = JSON.stringify(value["mcpServers"] === undefined ? { mcpServers: value } : value);
      flags.push(`--mcp-config=${inDirectory(name)}`);
    } else if (typeof value === "string") {
      flags.push(`--mcp-config=${value}`);
    }
  }
  return { flags: [...flags, "--strict-mcp-config"], files };
}

function inputOf({ work }: InstancePlan, workspace: UntrustedWorkspace): Part {
  if (work.kind !== "prompt") return { flags: [] };
  const turns = [...work.before, work.text].map(workspace.rewrite);
  const [only = ""] = turns;
  if (turns.length > 1) {
    return { flags: ["--input-format=stream-json"], stdin: turns.map(turnLine).join("") };
  }
  if (only.length > longestPromptArgument || only.includes("\u0000")) return { flags: [], stdin: only };
  return { flags: ["--", only] };
}

/**
 * One user message for the queue. `later` keeps it out of the turn that is running; two alike in a row would be joined to
 * one turn, so every second one carries a field that says what is so anyway. NOTES.md has the measurement.
 */
function turnLine(text: string, index: number): string {
  const message = { type: "user", message: { role: "user", content: text }, priority: "later" };
  return `${JSON.stringify(index % 2 === 0 ? message : { ...message, shouldQuery: true })}\n`;
}

function environment(job: AgentJob, { contextFolder }: UntrustedWorkspace): Readonly<Record<string, string>> {
  return {
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    CLAUDE_CODE_STARTUP_FAILURE_RESULTS: "1",
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
    CLAUDE_CODE_FORWARD_SUBAGENT_TEXT: "1",
    CLAUDE_CODE_TMPDIR: `${job.privateDirectory}/claude`,
    ...(contextFolder === undefined ? {} : { CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD: "1" }),
    // As root Claude Code refuses bypassPermissions unless told that the machine is a sandbox. The person asked for that
    // mode by name, so it is told so; NOTES.md says what that means.
    ...(job.isRoot && job.instance.permissionMode === "bypassPermissions" ? { IS_SANDBOX: "1" } : {}),
  };
}
