import { Command as Commander, CommanderError, Option } from "commander";
import { UserError } from "@claude-orchestrator/domain";
import type { Command, FlagSpec } from "../commands/command.ts";
import { groups } from "../commands/list.ts";
import { exitCodeHelp } from "./exitCodes.ts";
import { refuseUnknown, usageError } from "./usageError.ts";
import { programName, programVersion } from "./version.ts";

/** What the words on the command line came to. */
export type Parsed =
  | {
      readonly kind: "command";
      readonly command: Command;
      readonly words: readonly string[];
      readonly flags: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "help"; readonly text: string };

/**
 * Reads the command line against the list of commands.
 *
 * @throws UserError usage
 */
export function parseArguments(argv: readonly string[], commands: readonly Command[]): Parsed {
  if (argv[0] === "--version" || argv[0] === "-V") return { kind: "help", text: `${programName} ${programVersion()}` };
  if (argv[0] === "help") refuseUnknown(argv.slice(1), commands);
  const found: Parsed[] = [];
  let help = "";
  const program = buildTree(commandsMeant(argv, commands), (parsed) => found.push(parsed));
  configure(program, (text) => (help += text));
  try {
    program.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0 || error.code === "commander.help") return { kind: "help", text: help };
    refuseUnknown(argv, commands, error);
    throw usageError(error, commandOf(argv, commands));
  }
  return found[0] ?? { kind: "help", text: program.helpInformation() };
}

/** Those the first word names: making every command's node takes longer than all the rest. All, where it names none. */
function commandsMeant(argv: readonly string[], commands: readonly Command[]): readonly Command[] {
  const named = commands.filter(({ name }) => name.split(" ")[0] === argv[0]);
  return named.length === 0 ? commands : named;
}

/** Every command of the tree gives its help to `write` and throws instead of ending the process. */
function configure(command: Commander, write: (text: string) => void): void {
  command.exitOverride();
  command.configureOutput({ writeOut: write, writeErr: write, outputError: () => undefined });
  command.showSuggestionAfterError(true);
  for (const each of command.commands) configure(each, write);
}

function buildTree(commands: readonly Command[], found: (parsed: Parsed) => void): Commander {
  const program = new Commander(programName)
    .enablePositionalOptions()
    .helpOption("-h, --help", "Show the help")
    .description("Runs a whole fleet of headless coding agents from one file, and tells the truth about what happened")
    .usage("COMMAND [options]")
    .option("-V, --version", "Print the version")
    .addHelpText("after", rootNotes)
    .helpCommand("help [command]", "Show the help of a command");
  const groupNodes = new Map<string, Commander>();
  for (const command of commands) {
    const [first = "", second] = command.name.split(" ");
    if (second === undefined) {
      program.addCommand(buildCommand(command, first, found));
      continue;
    }
    const group = groupNodes.get(first) ?? newGroup(first);
    if (!groupNodes.has(first)) program.addCommand(group);
    groupNodes.set(first, group);
    group.addCommand(buildCommand(command, second, found));
  }
  return program;
}

function newGroup(name: string): Commander {
  return new Commander(name)
    .description(groups[name] ?? "")
    .helpOption("-h, --help", "Show the help")
    .helpCommand(false);
}

const rootNotes = `
Examples:
  ${programName} init
  ${programName} run orchestrator.yaml
  ${programName} run "Find the three riskiest functions in src and say why"
  ${programName} show latest

${exitCodeHelp}`;

function buildCommand(command: Command, name: string, found: (parsed: Parsed) => void): Commander {
  const node = new Commander(name)
    .helpOption("-h, --help", "Show the help")
    .summary(command.summary)
    .description(command.about === undefined ? command.summary : `${command.summary}\n\n${command.about}`);
  for (const argument of command.arguments) {
    const word = `${argument.name}${argument.many === true ? "..." : ""}`;
    node.argument(argument.required ? `<${word}>` : `[${word}]`, argument.about);
  }
  for (const [flag, spec] of Object.entries(command.flags)) {
    for (const option of buildOptions(flag, spec)) node.addOption(option);
  }
  node.option("--no-color", "Print without colours (so does NO_COLOR=1)");
  if (!("verbose" in command.flags)) node.addOption(new Option("--verbose", "Show more").hideHelp());
  const examples = command.examples.map((example) => `  ${programName} ${example}`).join("\n");
  node.addHelpText("after", `\nExamples:\n${examples}`);
  node.action(() => {
    found({ kind: "command", command, words: node.args, flags: flagValues(command, node.opts()) });
  });
  return node;
}

/** The option itself and, hidden, the ancestor's names for it. */
function buildOptions(flag: string, spec: FlagSpec): readonly Option[] {
  const names = [flag, ...("olderNames" in spec ? (spec.olderNames ?? []) : [])];
  return names.map((name, at) => {
    const short = at === 0 && spec.short !== undefined ? `-${spec.short}, ` : "";
    const value = spec.type === "switch" ? "" : ` <${spec.value}>`;
    const option = new Option(`${short}--${name}${value}`, spec.about);
    if (at > 0 || spec.hidden === true) option.hideHelp();
    if (spec.type !== "switch" && spec.choices !== undefined) option.choices(spec.choices);
    if (spec.type === "list") option.argParser(collect);
    if (spec.type === "number") option.argParser((text: string) => readNumber(name, text));
    return option;
  });
}

function collect(text: string, before: unknown): readonly string[] {
  return [...(Array.isArray(before) ? before : []), text];
}

function readNumber(flag: string, text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number) || number < 0) {
    throw new UserError("usage", `\`--${flag}\` needs a number of 0 or more, not \`${text}\``, {
      hint: `such as \`--${flag} 3\``,
    });
  }
  return number;
}

/** Values by the flag's own name, whichever of its names was typed. */
function flagValues(command: Command, options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [flag, spec] of Object.entries(command.flags)) {
    const names = [flag, ...("olderNames" in spec ? (spec.olderNames ?? []) : [])];
    const given = names.map((name) => options[camelCase(name)]).filter((value) => value !== undefined);
    if (spec.type === "switch") values[flag] = given[0] === true;
    else if (spec.type === "list") values[flag] = given.flat();
    else values[flag] = given[0];
  }
  return values;
}

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

/** The command the words name, for a sentence about it. */
function commandOf([first = "", second = ""]: readonly string[], commands: readonly Command[]): string | undefined {
  const names = commands.map(({ name }) => name);
  return [`${first} ${second}`, first].find((name) => names.includes(name));
}
