import { ExpressionError, renderTemplate, templateReferences, type ExpressionScope } from "@claude-orchestrator/domain";
import type { AcceptanceFields } from "../schema/acceptanceSchema.ts";
import { fieldPath, type Draft, type DraftFields, type DraftNeed } from "../expand/draft.ts";
import type { Path } from "../source/sourceNode.ts";
import { checkTemplate } from "../check/checkTemplate.ts";
import type { PlanContext } from "./context.ts";

const earlyTexts = ["agent", "model", "fallback_model", "effort", "cwd", "session_id", "description"] as const;
const earlyPaths = ["mcp_config", "settings"] as const;

/**
 * Fills `${{ matrix.… }}` and `${{ variables.… }}` into the fields that must be known before the run. Anything that is
 * known only later is a problem there.
 */
export function fillEarly(draft: Draft, context: PlanContext): Draft {
  if (context.isOldShape) return draft;
  const fill = (text: string, path: Path): string => fillText(text, path, draft, context);
  const fields: Record<string, unknown> = {};
  for (const field of [...earlyTexts, ...earlyPaths]) {
    const value = draft.fields[field];
    if (typeof value === "string") fields[field] = fill(value, fieldPath(draft, field, context.reporter));
  }
  const folders = draft.fields.add_dirs;
  if (folders !== undefined) fields["add_dirs"] = fillFolders(folders, draft, context);
  const conditions = draft.fields.success_when;
  if (conditions !== undefined) fields["success_when"] = fillConditions(conditions, draft, context);
  const { worktree } = draft.fields;
  if (typeof worktree?.base === "string") {
    const path = [...fieldPath(draft, "worktree", context.reporter), "base"];
    fields["worktree"] = { ...worktree, base: fill(worktree.base, path) };
  }
  const needs = draft.needs.map((need): DraftNeed => {
    if (need.path === undefined || !need.instance.includes("${{")) return need;
    return { ...need, instance: fill(need.instance, namePath(need.path, context)) };
  });
  return { ...draft, fields: { ...draft.fields, ...(fields as DraftFields) }, needs };
}

/** A need is its name, or an object that holds it. */
function namePath(path: Path, { reporter }: PlanContext): Path {
  const inner = [...path, "instance"];
  return reporter.has(inner) ? inner : path;
}

function fillFolders(folders: string | readonly string[], draft: Draft, context: PlanContext): string | string[] {
  const path = fieldPath(draft, "add_dirs", context.reporter);
  if (typeof folders === "string") return fillText(folders, path, draft, context);
  return folders.map((folder, at) => fillText(folder, [...path, at], draft, context));
}

/** The paths in success conditions. */
function fillConditions(
  given: AcceptanceFields | readonly AcceptanceFields[],
  draft: Draft,
  context: PlanContext,
): AcceptanceFields | readonly AcceptanceFields[] {
  const path = fieldPath(draft, "success_when", context.reporter);
  const fillOne = (condition: AcceptanceFields, place: Path): AcceptanceFields =>
    typeof condition === "string" || typeof condition.file !== "string"
      ? condition
      : { ...condition, file: fillText(condition.file, [...place, "file"], draft, context) };
  if (!isList(given)) return fillOne(given, path);
  return given.map((condition, at) => fillOne(condition, [...path, at]));
}

function isList(given: AcceptanceFields | readonly AcceptanceFields[]): given is readonly AcceptanceFields[] {
  return Array.isArray(given);
}

function fillText(text: string, path: Path, draft: Draft, context: PlanContext): string {
  if (!text.includes("${{")) return text;
  const { variables, names, reporter } = context;
  const scope: ExpressionScope = { variables, ...(draft.matrix === undefined ? {} : { matrix: draft.matrix }) };
  try {
    const late = templateReferences(text).find(({ root }) => root === "needs" || root === "run" || root === "instance");
    if (late !== undefined) {
      const hint = "only `matrix` and `variables` are known before the run";
      reporter.at(path, `\`${late.root}\` cannot be used here`, { hint, textOffset: late.offset });
      return text;
    }
    checkTemplate(text, path, { needs: [], matrix: draft.matrix, variables, names }, reporter);
    return renderTemplate(text, scope);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    reporter.expression(path, error);
    return text;
  }
}
