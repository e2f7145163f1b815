import { resolve } from "node:path";
import { nearest } from "@claude-orchestrator/config";
import { UserError } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { knownCommands } from "../run/slashCommands.ts";
import type { KnownCommand } from "../run/slashCommands.ts";
import { cleanLines } from "../views/text/cleanText.ts";
import { line, span, wrapText } from "../views/text/line.ts";
import type { Line, Span } from "../views/text/line.ts";
import { layTable } from "../views/text/table.ts";

const labelWidth = 11;

export interface SlashCommandFlags {
  readonly json: boolean;
  readonly workspace: string | undefined;
}

/** `commands list`. */
export function listSlashCommands(
  flags: SlashCommandFlags & { readonly "built-in": boolean },
  io: Io,
): Promise<number> {
  const all = commandsFor(flags, io);
  const shown = flags["built-in"] ? all : all.filter(({ kind }) => kind !== "built-in");
  if (flags.json) {
    io.out.json(shown.map(commandJson));
    return Promise.resolve(0);
  }
  const columns = [
    { title: "command", rank: 4, shrinkTo: 12 },
    { title: "kind", rank: 1 },
    { title: "from", rank: 2 },
    { title: "what it does", rank: 3, shrinkTo: 16 },
  ];
  const firstOf = new Map(shown.toReversed().map((each) => [each.name, each]));
  const rows = shown.map((each) => commandRow(each, firstOf.get(each.name) ?? each));
  if (shown.length > 0) io.out.lines(layTable(columns, rows, { width: io.out.columns }));
  const hidden = all.length - shown.length;
  if (shown.length === 0) io.talk.lines([line("There are no commands of your own: put NAME.md into .claude/commands")]);
  if (hidden > 0) io.talk.lines([line(`and ${hidden} that claude brings along (\`--built-in\` shows them)`, "quiet")]);
  return Promise.resolve(0);
}

const scopeWords: Readonly<Record<KnownCommand["scope"], string>> = {
  project: "this folder",
  user: "your home",
  "built-in": "claude itself",
};

function commandRow(found: KnownCommand, first: KnownCommand): Line {
  const { name, kind, scope, argumentHint } = found;
  const usage = `/${name}${argumentHint === undefined ? "" : ` ${argumentHint}`}`;
  const about =
    first === found ? aboutOf(found) : span(`has the name of the ${first.kind} in ${scopeWords[first.scope]}`, "warn");
  return [span(usage, "strong"), span(kind, "quiet"), span(scopeWords[scope], "quiet"), about];
}

function aboutOf({ description = "", problem, body }: KnownCommand): Span {
  if (problem !== undefined) return span(`broken: ${problem}`, "warn");
  return body?.trim() === "" ? span("empty: there is nothing in its file to ask", "warn") : span(description);
}

/** `commands inspect /x`. @throws UserError command-not-found */
export function inspectSlashCommand([word = ""]: readonly string[], flags: SlashCommandFlags, io: Io): Promise<number> {
  const name = word.trim().split(/\s/)[0]?.replace(/^\//, "") ?? "";
  const all = commandsFor(flags, io);
  const found = all.find((each) => each.name === name);
  if (found === undefined) {
    const near = nearest(
      name,
      all.map((each) => each.name),
    );
    throw new UserError("command-not-found", `There is no command \`/${name}\``, {
      hint: near === undefined ? "`commands list` shows those there are" : `did you mean \`/${near}\`?`,
    });
  }
  if (flags.json) io.out.json(commandJson(found));
  else io.out.lines(inspectLines(found, io.out.columns));
  return Promise.resolve(0);
}

/** Nothing is cut: who inspects a command wants to read it. */
function inspectLines(found: KnownCommand, columns: number): readonly Line[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["what", found.description],
    ["arguments", found.argumentHint],
    ["model", found.model],
    ["tools", found.allowedTools.length === 0 ? undefined : found.allowedTools.join(", ")],
    ["kind", found.kind === "built-in" ? "built-in" : `${found.kind} of ${scopeWords[found.scope]}`],
    ["file", found.file],
    ["problem", found.problem],
  ];
  const shown = facts.flatMap(([what, value]) =>
    value === undefined
      ? []
      : wrapText(value, columns - labelWidth).map((each, at) => [
          span((at === 0 ? what : "").padEnd(labelWidth), "quiet"),
          span(each, what === "problem" ? "warn" : undefined),
        ]),
  );
  const body =
    found.body === undefined
      ? []
      : found.body.trim() === ""
        ? [line(""), line("Its file is empty: there is nothing in it to ask", "warn")]
        : [
            line(""),
            ...cleanLines(found.body)
              .trimEnd()
              .split("\n")
              .flatMap((each) => wrapText(each, columns))
              .map((each) => line(each)),
          ];
  return [line(`/${found.name}`, "strong"), ...shown, ...body];
}

function commandsFor({ workspace }: SlashCommandFlags, io: Io): readonly KnownCommand[] {
  return knownCommands(resolve(io.cwd, workspace ?? "."), io.env["HOME"] ?? io.env["USERPROFILE"]);
}

function commandJson(found: KnownCommand): Readonly<Record<string, unknown>> {
  return {
    name: found.name,
    kind: found.kind,
    scope: found.scope,
    file: found.file ?? null,
    description: found.description ?? null,
    argument_hint: found.argumentHint ?? null,
    model: found.model ?? null,
    allowed_tools: found.allowedTools,
    body: found.body ?? null,
    problem: found.problem ?? null,
  };
}
