import { parseExpression } from "./parser.ts";
import type { Expression } from "./syntax.ts";
import { parseTemplate } from "./template.ts";

/** A name an expression looks up, with the keys after it as far as they are written out: `needs.build.json`. */
export interface Reference {
  readonly root: string;
  readonly keys: readonly (string | number)[];
  /** Where the root begins, in the text given. */
  readonly offset: number;
  /** True where a key that is worked out cuts `keys` short. */
  readonly dynamic: boolean;
}

/** Everything a template looks up, in order. Throws ExpressionError. */
export function templateReferences(template: string): readonly Reference[] {
  return parseTemplate(template).flatMap((part) => (part.kind === "text" ? [] : expressionReferences(part.expression)));
}

/** Everything a bare expression looks up, in order. Throws ExpressionError for text that does not parse. */
export function expressionReferences(expression: Expression | string): readonly Reference[] {
  const found: Reference[] = [];
  collect(typeof expression === "string" ? parseExpression(expression) : expression, found);
  return found;
}

/** The names a template uses through `needs.NAME` or `needs["NAME"]`, each once. Throws ExpressionError. */
export function referencedNeeds(template: string): readonly string[] {
  const names = templateReferences(template)
    .filter((reference) => reference.root === "needs")
    .flatMap(({ keys: [first] }) => (first === undefined ? [] : [String(first)]));
  return [...new Set(names)];
}

function collect(expression: Expression, found: Reference[]): void {
  switch (expression.kind) {
    case "literal":
      return;
    case "name":
      found.push({ root: expression.name, keys: [], offset: expression.offset, dynamic: false });
      return;
    case "path":
      return collectPath(expression, found);
    case "call":
      return expression.args.forEach((arg) => collect(arg, found));
    case "not":
      return collect(expression.operand, found);
    case "any":
    case "all":
      return expression.operands.forEach((operand) => collect(operand, found));
    case "compare":
      collect(expression.left, found);
      collect(expression.right, found);
  }
}

function collectPath({ base, keys }: Extract<Expression, { readonly kind: "path" }>, found: Reference[]): void {
  if (base.kind === "name") {
    const worked = keys.findIndex((key) => literalKey(key) === undefined);
    const written = worked === -1 ? keys : keys.slice(0, worked);
    const plain = written.map(literalKey).filter((key) => key !== undefined);
    found.push({ root: base.name, keys: plain, offset: base.offset, dynamic: worked !== -1 });
  } else {
    collect(base, found);
  }
  for (const key of keys) collect(key, found);
}

function literalKey(key: Expression): string | number | undefined {
  if (key.kind !== "literal") return undefined;
  return typeof key.value === "string" || typeof key.value === "number" ? key.value : undefined;
}
