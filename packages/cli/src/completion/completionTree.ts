import type { Command, Completion } from "../commands/command.ts";
import { commands, groups } from "../commands/list.ts";

/** What a shell needs to know of one command, taken from the list of commands. */
export interface CompletionNode {
  /** As typed after the program's name: "run", "runs list". */
  readonly path: string;
  readonly summary: string;
  readonly flags: readonly CompletionFlag[];
  /** Words that may follow: subcommands of a group, choices of an argument. */
  readonly words: readonly { readonly word: string; readonly about: string }[];
  readonly argument: Completion;
}

export interface CompletionFlag {
  readonly name: string;
  readonly about: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  readonly complete: Completion;
}

/** The root (path ""), the groups, then every command. Hidden flags and older names are left out. */
export function completionTree(): readonly CompletionNode[] {
  const tops = commands.filter(({ name }) => !name.includes(" "));
  const root: CompletionNode = {
    path: "",
    summary: "",
    flags: ["help", "version"].map((name) => plainFlag(name)),
    words: [
      ...tops.map(({ name, summary }) => ({ word: name, about: summary })),
      ...Object.entries(groups).map(([word, about]) => ({ word, about })),
      { word: "help", about: "Show the help of a command" },
    ],
    argument: "none",
  };
  const groupNodes = Object.entries(groups).map(([path, summary]): CompletionNode => {
    const members = commands.filter(({ name }) => name.startsWith(`${path} `));
    const words = members.map(({ name, summary: about }) => ({ word: name.slice(path.length + 1), about }));
    return { path, summary, flags: [plainFlag("help")], words, argument: "none" };
  });
  return [root, ...groupNodes, ...commands.map(commandNode)];
}

function commandNode(command: Command): CompletionNode {
  const [argument] = command.arguments;
  return {
    path: command.name,
    summary: command.summary,
    flags: [
      ...Object.entries(command.flags)
        .filter(([, spec]) => spec.hidden !== true)
        .map(([name, spec]): CompletionFlag => {
          if (spec.type === "switch") return { ...plainFlag(name), about: spec.about };
          const { about, choices = [], complete = "none" } = spec;
          return { name, about, takesValue: true, choices, complete };
        }),
      { ...plainFlag("no-color"), about: "Print without colours" },
      { ...plainFlag("help"), about: "Show the help" },
    ],
    words: (argument?.choices ?? []).map((word) => ({ word, about: "" })),
    argument: argument?.complete ?? "none",
  };
}

function plainFlag(name: string): CompletionFlag {
  return { name, about: "", takesValue: false, choices: [], complete: "none" };
}
