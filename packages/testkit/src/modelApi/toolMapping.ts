import { posix } from "node:path";
import { isJsonObject, type JsonObject, type JsonValue } from "@claude-orchestrator/domain";
import { workingDirectory, type Conversation } from "./conversation.ts";
import { sampleOf } from "./schemaSample.ts";
import type { AbstractCall } from "./step.ts";

/** A tool call in the words of the CLI that asked. */
export interface NamedCall {
  readonly name: string;
  readonly input: JsonObject;
}

/** The name by which Claude Code offers `--json-schema` to the model. */
export const structuredTool = "StructuredOutput";

const shellTools = [
  "Bash",
  "bash",
  "shell",
  "exec_command",
  "shell_command",
  "run_shell_command",
  "local_shell",
  "execute_command",
  "execute",
  "run_commands",
];

/**
 * The abstract call as one of the tools the request offers; a read or write for which there is no tool becomes a shell
 * command. Relative paths are made absolute where the CLI said where it works.
 */
export function mapCall(call: AbstractCall, conversation: Conversation): NamedCall {
  switch (call.tool) {
    case "raw":
      return { name: call.name, input: call.input };
    case "shell":
      return shellCall(call.command, call.background === true, conversation);
    case "read":
      return readCall(call.path, conversation);
    case "write":
      return writeCall(call.path, call.content, conversation);
    case "agent":
      return agentCall(call.prompt, call.description, conversation);
    case "structured":
      return structuredCall(call.value, conversation);
  }
}

function offered(conversation: Conversation, candidates: readonly string[]): string | undefined {
  return candidates.find((name) => conversation.tools.some((tool) => tool.name === name));
}

function shellCall(command: string, background: boolean, conversation: Conversation): NamedCall {
  const name = offered(conversation, shellTools) ?? "Bash";
  switch (name) {
    case "exec_command":
      return { name, input: { cmd: command } };
    case "shell":
      return { name, input: { command: ["bash", "-lc", command] } };
    case "shell_command":
      return { name, input: { command } };
    case "run_shell_command":
      return { name, input: { command, description: "Run a command", is_background: background } };
    case "run_commands":
      return { name, input: { commands: [command] } };
    default:
      return {
        name,
        input: { command, description: "Run a command", ...(background ? { run_in_background: true } : {}) },
      };
  }
}

function readCall(path: string, conversation: Conversation): NamedCall {
  const name = offered(conversation, ["Read", "read", "read_file", "view", "str_replace_based_edit_tool"]);
  if (name === undefined) return shellCall(`cat ${quoted(path)}`, false, conversation);
  const full = absolute(path, conversation);
  if (name === "Read") return { name, input: { file_path: full } };
  if (name === "read") return { name, input: { filePath: full, path: full } };
  if (name === "read_file") return { name, input: { absolute_path: full, file_path: full } };
  return { name, input: { path: full } };
}

function writeCall(path: string, content: string, conversation: Conversation): NamedCall {
  const name = offered(conversation, ["Write", "write", "write_file", "create"]);
  if (name === undefined) return shellCall(`printf %s ${quoted(content)} > ${quoted(path)}`, false, conversation);
  const full = absolute(path, conversation);
  return {
    name,
    input: name === "write" ? { filePath: full, path: full, content } : { file_path: full, content },
  };
}

function agentCall(prompt: string, description: string, conversation: Conversation): NamedCall {
  const name = offered(conversation, ["Agent", "Task", "task", "agent"]) ?? "Task";
  return {
    name,
    input: { description, prompt, subagent_type: name === "task" ? "general" : "general-purpose" },
  };
}

function structuredCall(value: JsonValue | undefined, conversation: Conversation): NamedCall {
  const tool = conversation.tools.find((offer) => offer.name === structuredTool);
  const input = value ?? sampleOf(tool?.schema ?? {});
  return { name: structuredTool, input: isJsonObject(input) ? input : {} };
}

function absolute(path: string, conversation: Conversation): string {
  return posix.resolve(workingDirectory(conversation) ?? "/", path);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
