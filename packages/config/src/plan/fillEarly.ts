import { ExpressionError, renderTemplate, templateReferences, type ExpressionScope } from "@claude-orchestrator/domain";
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

function fillText(text: string, path: Path, draft: Draft, context: PlanContext): string {
  if (!text.includes("${{")) return text;
  const { variables, names, reporter } = context;
  checkTemplate(text, path, { needs: [], matrix: draft.matrix, variables, names }, reporter);
  const scope: ExpressionScope = { variables, ...(draft.matrix === undefined ? {} : { matrix: draft.matrix }) };
  try {
    const late = templateReferences(text).find(({ root }) => root === "needs" || root === "run" || root === "instance");
    if (late !== undefined && late.root !== "needs") {
      const hint = "only `matrix` and `variables` are known before the run";
      reporter.at(path, `\`${late.root}\` cannot be used here`, { hint, textOffset: late.offset });
    }
    return renderTemplate(text, scope);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    reporter.expression(path, error);
    return text;
  }
}
