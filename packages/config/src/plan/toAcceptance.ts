import type { Acceptance, JsonObject } from "@claude-orchestrator/domain";
import { checkJsonSchema } from "../check/checkJsonSchema.ts";
import type { Reporter } from "../check/reporter.ts";
import { fieldPath, type Draft } from "../expand/draft.ts";
import type { AcceptanceFields } from "../schema/acceptanceSchema.ts";
import type { Path } from "../source/sourceNode.ts";
import type { PlanContext } from "./context.ts";

/** The success conditions of an instance. Reports conditions that say nothing, too much, or no regular expression. */
export function toAcceptances(draft: Draft, { reporter }: PlanContext): readonly Acceptance[] {
  const given = draft.fields.success_when;
  if (given === undefined) return [];
  const path = fieldPath(draft, "success_when", reporter);
  if (!Array.isArray(given)) return toAcceptance(given, path, reporter);
  return given.flatMap((each, at) => toAcceptance(each, [...path, at], reporter));
}

function toAcceptance(given: AcceptanceFields, path: Path, reporter: Reporter): readonly Acceptance[] {
  if (typeof given === "string") return [{ kind: "workspace_changed" }];
  const kinds = (["command", "pattern", "json_schema", "workspace_changed"] as const).filter(
    (kind) => given[kind] !== undefined && given[kind] !== null,
  );
  const file = given.file ?? undefined;
  const [kind, second] = kinds;
  if (second !== undefined) {
    const hint = "make a list, with one object for each condition";
    reporter.at(path, `\`${String(kind)}\` and \`${second}\` are two conditions`, { hint });
    return [];
  }
  reportMeaningless(given, kind, { path, reporter });
  switch (kind) {
    case "command":
      return toCommand(given.command ?? "", [...path, "command"], reporter);
    case "pattern":
      return toPattern(given.pattern ?? "", given.flags ?? "", { path: [...path, "pattern"], file, reporter });
    case "json_schema": {
      const schema = (given.json_schema ?? {}) as JsonObject;
      checkJsonSchema(schema, [...path, "json_schema"], reporter);
      return [{ kind, schema, ...(file === undefined ? {} : { path: file }) }];
    }
    case "workspace_changed":
      return [{ kind }];
    default:
      return file === undefined ? [] : [{ kind: "file", path: file }];
  }
}

function reportMeaningless(
  given: Exclude<AcceptanceFields, string>,
  kind: string | undefined,
  { path, reporter }: { readonly path: Path; readonly reporter: Reporter },
): void {
  if (kind === undefined && typeof given.file !== "string") {
    const hint = "write command, file, pattern, json_schema or workspace_changed";
    reporter.at(path, "this success condition asks for nothing", { hint });
  }
  if (typeof given.file === "string" && (kind === "command" || kind === "workspace_changed")) {
    reporter.at([...path, "file"], `\`file\` means nothing beside \`${kind}\``, {
      atKey: true,
      hint: "make it a condition of its own",
    });
  }
  if (typeof given.flags === "string" && kind !== "pattern") {
    reporter.at([...path, "flags"], "`flags` means nothing without `pattern`", { atKey: true, hint: "remove it" });
  }
}

function toCommand(command: string | readonly string[], path: Path, reporter: Reporter): readonly Acceptance[] {
  const words = typeof command === "string" ? [command] : command;
  words.forEach((word, at) => {
    const open = word.indexOf("${{");
    if (open === -1) return;
    const place = typeof command === "string" ? path : [...path, at];
    const hint = "give the value a name in `env` of the instance: the command sees it";
    reporter.at(place, "`${{ }}` cannot stand in a success condition", { hint, textOffset: open });
  });
  return [typeof command === "string" ? { kind: "script", script: command } : { kind: "command", argv: command }];
}

function toPattern(
  pattern: string,
  flags: string,
  { path, file, reporter }: { readonly path: Path; readonly file: string | undefined; readonly reporter: Reporter },
): readonly Acceptance[] {
  const open = pattern.indexOf("${{");
  if (open !== -1) {
    const hint = String.raw`a value cannot be filled in here; for the signs themselves write \$\{\{`;
    reporter.at(path, "`${{ }}` cannot stand in a pattern", { hint, textOffset: open });
  }
  try {
    // Made only to see whether it can be made.
    void new RegExp(pattern, flags);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const why = error.message
      .replace(/^Invalid (?:regular expression|flags[^:]*):? ?/, "")
      .replace(/^\/[\s\S]*\/[a-z]*: /, "");
    reporter.at(path, `this is not a regular expression: ${why}`, {
      hint: String.raw`write \ before ( ) [ ] { } + * ? that stand for themselves`,
    });
  }
  return [{ kind: "pattern", pattern, flags, ...(file === undefined ? {} : { path: file }) }];
}
