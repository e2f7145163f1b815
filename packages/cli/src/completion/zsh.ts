import { programName } from "../program/version.ts";
import type { CompletionFlag, CompletionNode } from "./completionTree.ts";

/** One function per command, each an `_arguments` call; for a file named _claude-orchestrator in the fpath. */
export function zshScript(nodes: readonly CompletionNode[]): string {
  return `#compdef ${programName}
# Completion of ${programName} for zsh
${nodes.map((node) => functionOf(node, nodes)).join("\n")}
if [[ \${funcstack[1]} == _${programName} ]]; then
  ${nameOf("")} "$@"
elif (( \${+functions[compdef]} )); then
  compdef ${nameOf("")} ${programName}
fi
`;
}

function functionOf(node: CompletionNode, nodes: readonly CompletionNode[]): string {
  const prefix = node.path === "" ? "" : `${node.path} `;
  const children = nodes.filter(
    ({ path }) => path !== "" && path.startsWith(prefix) && !path.slice(prefix.length).includes(" "),
  );
  const isGroup = node.path === "" || children.length > 0;
  const flags = node.flags.map((flag) => `    ${zshWord(flagSpec(flag))} \\`);
  if (!isGroup) {
    return `${nameOf(node.path)}() {\n  _arguments -s \\\n${[...flags, `    ${zshWord(argumentSpec(node))}`].join("\n")}\n}\n`;
  }
  const cases = children.map(({ path }) => `        ${zshWord(path.slice(prefix.length))}) ${nameOf(path)} ;;`);
  return `${nameOf(node.path)}() {
  local state line
  _arguments -C \\
${flags.join("\n")}
    '1: :->command' '*:: :->rest'
  case $state in
    command)
      local -a known
      known=(
${node.words.map(({ word, about }) => `        ${zshWord(`${word}:${about}`)}`).join("\n")}
      )
      _describe command known ;;
    rest)
      case $line[1] in
${cases.join("\n")}
      esac ;;
  esac
}
`;
}

function flagSpec({ name, about, takesValue, choices, complete }: CompletionFlag): string {
  const label = about.replace(/[[\]\\:]/g, String.raw`\$&`);
  const value = takesValue ? `: :${choices.length > 0 ? `(${choices.join(" ")})` : filesOf(complete)}` : "";
  return `*--${name}${takesValue ? "=" : ""}[${label}]${value}`;
}

function argumentSpec({ words, argument }: CompletionNode): string {
  return words.length > 0 ? `*: :(${words.map(({ word }) => word).join(" ")})` : `*: :${filesOf(argument)}`;
}

function filesOf(kind: CompletionNode["argument"]): string {
  return kind === "file" ? "_files" : kind === "folder" ? "_files -/" : " ";
}

function nameOf(path: string): string {
  return path === "" ? "_claude_orchestrator" : `_claude_orchestrator_${path.replaceAll(" ", "_")}`;
}

function zshWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
