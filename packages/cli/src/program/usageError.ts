import type { CommanderError } from "commander";
import { UserError } from "@claude-orchestrator/domain";
import type { Command } from "../commands/command.ts";
import { programName } from "./version.ts";

/** What people type where the command has another name here. */
const otherWords: ReadonlyMap<string, string> = new Map([
  ["start", "run"],
  ["exec", "run"],
  ["execute", "run"],
  ["validate", "plan"],
  ["check", "plan"],
  ["dry-run", "plan"],
  ["list", "runs list"],
  ["ls", "runs list"],
  ["history", "runs list"],
  ["status", "show"],
  ["inspect", "commands inspect"],
  ["kill", "stop"],
  ["cancel", "stop"],
  ["continue", "resume"],
  ["watch", "attach"],
]);

/**
 * Refuses words that name no command; says nothing where they do.
 *
 * @param cause Commander's own error, which knows the nearest name
 * @throws UserError usage
 */
export function refuseUnknown(words: readonly string[], commands: readonly Command[], cause?: CommanderError): void {
  const [first = "", second = ""] = words;
  const names = commands.map(({ name }) => name);
  const group = names.some((name) => name.startsWith(`${first} `)) ? `${first} ` : "";
  const word = group === "" ? first : second;
  const known = names
    .filter((name) => name.startsWith(group))
    .map((name) => name.slice(group.length).split(" ")[0] ?? "");
  if (word === "" || word.startsWith("-") || known.includes(word)) return;
  throw new UserError("usage", `There is no command \`${group}${word}\``, {
    hint: hintFor(word, group, [...new Set(known)], cause),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** @param group with a space behind it, or nothing */
function hintFor(word: string, group: string, known: readonly string[], cause: CommanderError | undefined): string {
  const meant = group === "" ? otherWords.get(word) : undefined;
  const near = meant === undefined ? suggestions(cause) : [meant];
  if (near.length > 0) return `did you mean ${near.map((each) => `\`${group}${each}\``).join(" or ")}?`;
  if (group === "" && /[\s./\\]/.test(word)) {
    const quoted = /^[\w./-]+$/.test(word) ? word : `"${word.replaceAll('"', "'")}"`;
    return `a file or a prompt is run by \`${programName} run ${quoted}\``;
  }
  const list = known.map((each) => `${group}${each}`).join(", ");
  return `there ${known.length === 1 ? "is" : "are"} ${list}; \`${programName} --help\` tells what each does`;
}

/** The nearest names, as Commander found them. */
function suggestions(error: CommanderError | undefined): readonly string[] {
  return /\(Did you mean (?:one of )?(.*)\?\)/s.exec(error?.message ?? "")?.[1]?.split(", ") ?? [];
}

/** Commander's sentence in our form: what is wrong, then the next step. `command` is the one that was called, where it is known. */
export function usageError(error: CommanderError, command: string | undefined): UserError {
  const near = suggestions(error).map((word) => `\`${word}\``);
  const help = command === undefined ? programName : `${programName} ${command}`;
  return new UserError("usage", tooMany(error, command) ?? sentence(error), {
    hint: near.length > 0 ? `did you mean ${near.join(" or ")}?` : `\`${help} --help\` tells what can be written there`,
    cause: error,
  });
}

function sentence({ message }: CommanderError): string {
  const first = message.replace(/^error: /, "").split("\n")[0] ?? "";
  const quoted = first.replace(/'([^']*)'/g, "`$1`").replace(/\.$/, "");
  return quoted.charAt(0).toUpperCase() + quoted.slice(1);
}

function tooMany({ code, message }: CommanderError, command: string | undefined): string | undefined {
  if (code !== "commander.excessArguments" || command === undefined) return undefined;
  const [, expected = "0", words = ""] = /Expected (\d+) .* but got \d+: (.*?)\.?$/s.exec(message) ?? [];
  const most = Number(expected);
  if (most === 0) return `\`${command}\` takes no words, but was given \`${words}\``;
  return `\`${command}\` takes ${most === 1 ? "one word" : `${most} words`} at most, but was given \`${words}\``;
}
