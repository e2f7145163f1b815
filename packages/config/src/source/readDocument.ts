import { readJson, type ReadResult } from "./readJson.ts";
import { readYaml } from "./readYaml.ts";

export interface DocumentResult extends ReadResult {
  /** How it was read, so that lines to write can be shown in the same manner. */
  readonly format: "json" | "yaml";
}

/**
 * Reads a file as JSON or YAML, by its content: what begins with a brace or a bracket is JSON, unless its name ends in
 * .yaml or .yml and it is YAML (a flow collection). An empty file is a problem. Never throws.
 */
export function readDocument(text: string, fileName: string): DocumentResult {
  const start = /\S/.exec(text);
  if (start === null) return { root: undefined, problems: [emptyFile], format: "yaml" };
  if (start[0] !== "{" && start[0] !== "[") return orEmpty({ ...readYaml(text), format: "yaml" });
  const json = readJson(text);
  const isYaml = json.root === undefined && /\.ya?ml$/i.test(fileName);
  return isYaml ? { ...readYaml(text), format: "yaml" } : { ...json, format: "json" };
}

/** Of a file that says nothing. */
export const emptyFile = {
  offset: 0,
  message: "the file is empty",
  hint: "begin with a list of `instances`, or let `claude-orchestrator init` write one",
} as const;

/** Only comments, or a lone `---`: nothing was read and nothing was wrong. */
function orEmpty(result: DocumentResult): DocumentResult {
  const isEmpty = result.root === undefined || (result.root.kind === "scalar" && result.root.value === null);
  return isEmpty && result.problems.length === 0 ? { ...result, root: undefined, problems: [emptyFile] } : result;
}
