import { resolve } from "node:path";
import { nearest } from "@claude-orchestrator/config";
import { UserError } from "@claude-orchestrator/domain";
import type { Io } from "../io/channel.ts";
import { knownCommands } from "../run/slashCommands.ts";
import type { KnownCommand } from "../run/slashCommands.ts";
import { cleanLines } from "../views/text/cleanText.ts";
import { line, span } from "../views/text/line.ts";
import type { Line } from "../views/text/line.ts";
import { layTable } from "../views/text/table.ts";

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
  if (shown.length > 0) io.out.lines(layTable(columns, shown.map(commandRow), { width: io.out.columns }));
  const hidden = all.length - shown.length;
  if (shown.length === 0) io.talk.lines([line("There are no commands of your own: put NAME.md into .claude/commands")]);
  if (hidden > 0) io.talk.lines([line(`and ${hidden} that claude brings along (\`--built-in\` shows them)`, "quiet")]);
  return Promise.resolve(0);
}

function commandRow({ name, kind, scope, description = "", argumentHint, problem }: KnownCommand): Line {
  const usage = `/${name}${argumentHint === undefined ? "" : ` ${argumentHint}`}`;
  const about = problem === undefined ? span(description) : span(`its front matter is broken: ${problem}`, "warn");
  return [span(usage, "strong"), span(kind, "quiet"), span(scope, "quiet"), about];
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
  else io.out.lines(inspectLines(found));
  return Promise.resolve(0);
}

function inspectLines(found: KnownCommand): readonly Line[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["what", found.description],
    ["arguments", found.argumentHint],
    ["model", found.model],
    ["tools", found.allowedTools.length === 0 ? undefined : found.allowedTools.join(", ")],
    ["kind", `${found.kind}, ${found.scope}`],
    ["file", found.file],
    ["problem", found.problem === undefined ? undefined : `its front matter is broken: ${found.problem}`],
  ];
  const shown = facts.flatMap(([what, value]) =>
    value === undefined ? [] : [[span(`${what.padEnd(10)} `, "quiet"), span(value)]],
  );
  const body =
    found.body === undefined
      ? []
      : [
          line(""),
          ...cleanLines(found.body)
            .trimEnd()
            .split("\n")
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
