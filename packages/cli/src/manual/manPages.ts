import type { ArgumentSpec, Command, FlagSpec } from "../commands/command.ts";
import { commands, groups } from "../commands/list.ts";
import { exitCodes } from "../program/exitCodes.ts";
import { programName } from "../program/version.ts";
import { bold, italic, prose, quoted, typed, verbatim } from "./roff.ts";

/** A page of section 1. */
export interface ManPage {
  /** Without its section: `claude-orchestrator-runs-list`. */
  readonly name: string;
  readonly text: string;
}

export interface ManPageFacts {
  readonly version: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

const summary = "run a whole fleet of headless coding agents from one file";

const everywhere: Readonly<Record<string, FlagSpec>> = {
  "no-color": { type: "switch", about: "Print without colours (so does `NO_COLOR=1`)" },
  help: { type: "switch", short: "h", about: "Show the help" },
};

/** The program's page, then one for each command, all from the list of commands. The same facts give the same bytes. */
export function manPages(facts: ManPageFacts): readonly ManPage[] {
  return [rootPage(facts), ...commands.map((command) => commandPage(command, facts))];
}

function rootPage(facts: ManPageFacts): ManPage {
  const tops = commands.filter(({ name }) => !name.includes(" "));
  const grouped = Object.entries(groups).flatMap(([group, about]) => [
    ".SS " + quoted(`${group}: ${lowered(about)}`),
    ...commands.filter(({ name }) => name.startsWith(`${group} `)).flatMap(listed),
  ]);
  return page(programName, facts, [
    ".SH NAME",
    `${typed(programName)} \\-`,
    ...prose(summary),
    ".SH SYNOPSIS",
    `.B ${typed(programName)}`,
    `.I COMMAND`,
    `[\\,\\fIoptions\\/\\fR]`,
    ".SH DESCRIPTION",
    ...prose(
      "Reads a graph of agent instances from a YAML or JSON file and runs them in parallel, under budgets of tokens and dollars, with timeouts, retries and checks. Every fact is an event in a log on disk; what is shown is read from it.",
    ),
    ".SH COMMANDS",
    ...tops.flatMap(listed),
    ...grouped,
    ...exitSection(),
    ".SH EXAMPLES",
    ...examples([
      "init",
      "run orchestrator.yaml",
      'run "Find the three riskiest functions in src and say why"',
      "show latest",
    ]),
  ]);
}

function listed(command: Command): readonly string[] {
  return [".TP", bold(command.name), ...prose(`${command.summary}; \`${pageName(command)}\`(1).`)];
}

function commandPage(command: Command, facts: ManPageFacts): ManPage {
  const flags = Object.entries({ ...command.flags, ...everywhere }).filter(([, spec]) => spec.hidden !== true);
  return page(pageName(command), facts, [
    ".SH NAME",
    `${typed(pageName(command))} \\-`,
    ...prose(lowered(command.summary)),
    ".SH SYNOPSIS",
    bold(`${programName} ${command.name}`),
    "[\\fIoptions\\fR]",
    ...command.arguments.map(argumentWord),
    ".SH DESCRIPTION",
    ...prose(`${command.summary}.`),
    ...paragraphs(command.about),
    ...(command.arguments.length === 0 ? [] : [".SH ARGUMENTS", ...command.arguments.flatMap(argumentEntry)]),
    ".SH OPTIONS",
    ...flags.flatMap(([name, spec]) => flagEntry(name, spec)),
    ...exitSection(),
    ".SH EXAMPLES",
    ...examples(command.examples),
    ".SH SEE ALSO",
    ...prose(`\`${programName}\`(1)`),
  ]);
}

function page(name: string, { version, date }: ManPageFacts, lines: readonly string[]): ManPage {
  const title = `.TH ${quoted(name.toUpperCase())} 1 ${quoted(date)} ${quoted(`${programName} ${version}`)} "User Commands"`;
  return { name, text: `${[title, ".nh", ".ad l", ...lines].join("\n")}\n` };
}

/** What stands in columns is shown as it stands. */
function paragraphs(about: string | undefined): readonly string[] {
  if (about === undefined) return [];
  if (about.includes("\n")) return [".PP", ".nf", ...about.split("\n").map(verbatim), ".fi"];
  return [".PP", ...prose(about)];
}

function argumentWord({ name, required, many }: ArgumentSpec): string {
  const word = `${italic(name)}${many === true ? "\\|.\\|.\\|." : ""}`;
  return required ? word : `[${word}]`;
}

function argumentEntry({ name, about, choices }: ArgumentSpec): readonly string[] {
  return [".TP", italic(name), ...prose(sentences(about, choices))];
}

function flagEntry(name: string, spec: FlagSpec): readonly string[] {
  const short = spec.short === undefined ? "" : `${bold(`-${spec.short}`)}, `;
  const value = spec.type === "switch" ? "" : ` ${italic(spec.value)}`;
  const choices = spec.type === "switch" ? undefined : spec.choices;
  return [".TP", `${short}${bold(`--${name}`)}${value}`, ...prose(sentences(spec.about, choices))];
}

function sentences(about: string, choices: readonly string[] | undefined): string {
  const each = choices === undefined ? "" : ` One of ${choices.map((choice) => `\`${choice}\``).join(", ")}.`;
  return `${about}.${each}`;
}

function exitSection(): readonly string[] {
  return [
    ".SH EXIT STATUS",
    ...exitCodes.flatMap(({ code, meaning }) => [".TP", bold(String(code)), ...prose(`${meaning}.`)]),
  ];
}

function examples(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line, at) => [...(at === 0 ? [] : [".PP"]), ".nf", verbatim(`${programName} ${line}`), ".fi"]);
}

function pageName({ name }: Command): string {
  return `${programName}-${name.replaceAll(" ", "-")}`;
}

/** A name's line goes on in lower case, but for names such as JUnit. */
function lowered(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
