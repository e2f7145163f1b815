import type { JsonObject } from "@claude-orchestrator/domain";
import { textAt } from "./looseJson.ts";

const verbs: Readonly<Record<string, string>> = {
  agent: "asked a sub-agent",
  apply_patch: "changed",
  bash: "ran",
  command_execution: "ran",
  edit: "changed",
  file_change: "changed",
  glob: "looked for",
  grep: "searched for",
  list: "listed",
  ls: "listed",
  multiedit: "changed",
  notebookedit: "changed",
  read: "read",
  read_file: "read",
  replace: "changed",
  run_shell_command: "ran",
  task: "asked a sub-agent",
  todowrite: "planned",
  webfetch: "fetched",
  web_search: "searched the web for",
  websearch: "searched the web for",
  write: "wrote",
  write_file: "wrote",
};

const writing = new Set([
  "apply_patch",
  "edit",
  "multiedit",
  "notebookedit",
  "replace",
  "write",
  "write_file",
  "file_change",
]);
const reading = new Set(["read", "read_file", "notebookread"]);

/** "ran", "read", "asked a sub-agent"; of a tool that is not known, "used" and its name. */
export function toolVerb(tool: string): string {
  return verbs[tool.toLowerCase()] ?? `used ${tool}`;
}

/** Whether a tool reads or changes the file it is given. */
export function fileUse(tool: string): "read" | "write" | undefined {
  const name = tool.toLowerCase();
  if (writing.has(name)) return "write";
  return reading.has(name) ? "read" : undefined;
}

const objects = ["command", "file_path", "filePath", "path", "notebook_path", "pattern", "query", "url", "description"];

/** What a call is about, by the words tools use for it; "" where none is there. */
export function toolObject(input: JsonObject): string {
  for (const name of objects) {
    const text = textAt(input, name);
    if (text !== undefined && text.trim() !== "") return text.replace(/\s+/g, " ").trim();
  }
  return "";
}

/** The file a call is about. */
export function toolPath(input: JsonObject): string | undefined {
  return ["file_path", "filePath", "path", "notebook_path"]
    .map((name) => textAt(input, name))
    .find((path) => path !== undefined);
}
