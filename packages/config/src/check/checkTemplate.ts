import {
  ExpressionError,
  expressionReferences,
  templateReferences,
  type JsonObject,
  type Reference,
} from "@claude-orchestrator/domain";
import type { Hint } from "../problems.ts";
import { quoted } from "../shown.ts";
import type { Path } from "../source/sourceNode.ts";
import { nearest, suggestion } from "../suggestions.ts";
import type { Reporter } from "./reporter.ts";

/** What the expressions of one instance may look up. */
export interface TemplateScope {
  /** Names in its `needs`, as written. */
  readonly needs: readonly string[];
  readonly matrix: JsonObject | undefined;
  readonly variables: JsonObject;
  /** All names there are, to tell a name that is not needed from one that does not exist. */
  readonly names: ReadonlySet<string>;
}

const roots = ["needs", "matrix", "variables", "run", "instance"];
const fields: Readonly<Record<string, readonly string[]>> = {
  needs: ["result", "json", "status", "exit_code", "tokens", "cost_usd", "results", "members"],
  run: ["id", "name"],
  instance: ["name", "attempt"],
};

/** Reports a template at `path` that does not parse, or looks up what will not be there. */
export function checkTemplate(text: string, path: Path, scope: TemplateScope, reporter: Reporter): void {
  if (!text.includes("${{")) return;
  try {
    for (const reference of templateReferences(text)) checkReference(reference, path, scope, { reporter, shift: 0 });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    reporter.expression(path, error);
  }
}

/** The same for a bare expression, which begins `shift` characters into the text at `path`. */
export function checkExpression(
  text: string,
  { path, shift }: { readonly path: Path; readonly shift: number },
  scope: TemplateScope,
  reporter: Reporter,
): void {
  try {
    for (const reference of expressionReferences(text)) checkReference(reference, path, scope, { reporter, shift });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    reporter.expression(path, error, shift);
  }
}

function checkReference(
  reference: Reference,
  path: Path,
  scope: TemplateScope,
  { reporter, shift }: { readonly reporter: Reporter; readonly shift: number },
): void {
  const wrong = wrongReference(reference, scope);
  if (wrong !== undefined) reporter.at(path, wrong.message, { hint: wrong.hint, textOffset: reference.offset + shift });
}

interface Wrong {
  readonly message: string;
  readonly hint: Hint;
}

function wrongReference({ root, keys: [first, second] }: Reference, scope: TemplateScope): Wrong | undefined {
  if (!roots.includes(root)) {
    return { message: `there is nothing called ${quoted(root)} in an expression`, hint: () => suggestion(root, roots) };
  }
  if (first === undefined) return undefined;
  const key = String(first);
  if (root === "needs") return wrongNeed(key, scope) ?? wrongField(root, second);
  if (root === "variables") return missingKey(root, key, scope.variables);
  if (root !== "matrix") return wrongField(root, first);
  if (scope.matrix !== undefined) return missingKey(root, key, scope.matrix);
  return { message: "there is no `matrix` in this instance", hint: `give it one: \`matrix: {${key}: [...]}\`` };
}

function wrongNeed(name: string, { needs, names }: TemplateScope): Wrong | undefined {
  if (needs.includes(name)) return undefined;
  if (names.has(name)) {
    const message = `${quoted(name)} is used here but not needed, so its result might not be there`;
    return { message, hint: `add it: \`needs: [${[...needs, name].join(", ")}]\`` };
  }
  const hint = (): string | undefined => {
    const near = nearest(name, needs) ?? nearest(name, [...names]);
    return near === undefined ? undefined : `did you mean \`${near}\`?`;
  };
  return { message: `there is no instance ${quoted(name)}`, hint };
}

function wrongField(root: string, key: string | number | undefined): Wrong | undefined {
  const known = fields[root] ?? [];
  if (key === undefined || known.includes(String(key))) return undefined;
  const what = root === "needs" ? "what an instance leaves" : `\`${root}\``;
  return { message: `${quoted(String(key))} is not part of ${what}`, hint: () => suggestion(String(key), known) };
}

function missingKey(root: string, key: string, object: JsonObject): Wrong | undefined {
  if (Object.hasOwn(object, key)) return undefined;
  return { message: `there is no ${quoted(key)} in \`${root}\``, hint: () => suggestion(key, Object.keys(object)) };
}
