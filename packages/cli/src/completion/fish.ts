import { programName } from "../program/version.ts";
import type { CompletionFlag, CompletionNode } from "./completionTree.ts";

/** One `complete` line per word and flag, each with the condition under which it is offered. */
export function fishScript(nodes: readonly CompletionNode[]): string {
  const lines = nodes.flatMap((node) => {
    const condition = conditionOf(node, nodes);
    const words = node.words.map(({ word, about }) => entry(condition, `-a ${fishWord(word)}`, about));
    const files = node.argument === "none" ? [] : [entry(condition, "-F", "")];
    return [...words, ...node.flags.map((flag) => entry(condition, flagPart(flag), flag.about)), ...files];
  });
  return `# Completion of ${programName} for fish\ncomplete -c ${programName} -f\n${lines.join("\n")}\n`;
}

function entry(condition: string, what: string, about: string): string {
  return `complete -c ${programName} -n ${fishWord(condition)} ${what}${about === "" ? "" : ` -d ${fishWord(about)}`}`;
}

function flagPart({ name, takesValue, choices, complete }: CompletionFlag): string {
  if (!takesValue) return `-l ${name}`;
  if (choices.length > 0) return `-l ${name} -x -a ${fishWord(choices.join(" "))}`;
  return complete === "none" ? `-l ${name} -x` : `-l ${name} -r -F`;
}

function conditionOf({ path }: CompletionNode, nodes: readonly CompletionNode[]): string {
  if (path === "") return "__fish_use_subcommand";
  const [first = "", second] = path.split(" ");
  const seen = `__fish_seen_subcommand_from ${first}`;
  if (second !== undefined) return `${seen}; and __fish_seen_subcommand_from ${second}`;
  const children = nodes.filter((node) => node.path.startsWith(`${first} `)).map((node) => node.path.split(" ")[1]);
  return children.length === 0 ? seen : `${seen}; and not __fish_seen_subcommand_from ${children.join(" ")}`;
}

function fishWord(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}
