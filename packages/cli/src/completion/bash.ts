import { programName } from "../program/version.ts";
import type { CompletionNode } from "./completionTree.ts";

/** Completes words, flags, choices and files; works with bash 3.2 and without the bash-completion package. */
export function bashScript(nodes: readonly CompletionNode[]): string {
  return `# Completion of ${programName} for bash
_claude_orchestrator() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$path \${COMP_WORDS[index]}" in
${nodes
  .filter(({ path }) => path !== "")
  .map(({ path }) => `      ${bashWord(path.includes(" ") ? path : ` ${path}`)}) path=${bashWord(path)} ;;`)
  .join("\n")}
    esac
  done
  COMPREPLY=()
  case "$path $before" in
${nodes.flatMap(valueCases).join("\n")}
  esac
  local words=""
  case "$path" in
${nodes.map(wordCase).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  case "$path" in
${nodes
  .filter(({ argument }) => argument !== "none")
  .map(
    ({ path, argument }) =>
      `    ${bashWord(path)}) [[ $word == -* ]] || COMPREPLY+=($(compgen ${filesOf(argument)} -- "$word")) ;;`,
  )
  .join("\n")}
  esac
}
complete -o bashdefault -F _claude_orchestrator ${programName}
`;
}

function valueCases({ path, flags }: CompletionNode): readonly string[] {
  return flags
    .filter(({ takesValue }) => takesValue)
    .map(({ name, choices, complete }) => {
      const how = choices.length > 0 ? `-W ${bashWord(choices.join(" "))}` : filesOf(complete);
      const reply = how === "" ? "" : `COMPREPLY=($(compgen ${how} -- "$word")); `;
      return `    ${bashWord(`${path} --${name}`)}) ${reply}return ;;`;
    });
}

function wordCase({ path, words, flags }: CompletionNode): string {
  const all = [...words.map(({ word }) => word), ...flags.map(({ name }) => `--${name}`)];
  return `    ${bashWord(path)}) words=${bashWord(all.join(" "))} ;;`;
}

function filesOf(kind: CompletionNode["argument"]): string {
  return kind === "file" ? "-f" : kind === "folder" ? "-d" : "";
}

function bashWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
