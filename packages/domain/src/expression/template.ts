import { evaluate } from "./evaluator.ts";
import { ExpressionError } from "./expressionError.ts";
import { requireShallow } from "./functions.ts";
import { lexExpression } from "./lexer.ts";
import { parseTokens } from "./parser.ts";
import type { Expression, ExpressionScope } from "./syntax.ts";
import { valueToText, WorkBudget } from "./values.ts";

export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "expression";
      readonly expression: Expression;
      /** From the `$` to just after `}}`. */
      readonly start: number;
      readonly end: number;
    };

/**
 * Cuts a text into what stands as it is and its `${{ … }}`. `$${{` is a literal `${{`.
 * Throws ExpressionError, with the offset in the whole text.
 */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let pending: string[] = [];
  const flush = (): void => {
    const joined = pending.join("");
    if (joined !== "") parts.push({ kind: "text", text: joined });
    pending = [];
  };
  let at = 0;
  for (let open = text.indexOf("${{"); open !== -1; open = text.indexOf("${{", at)) {
    if (text.charAt(open - 1) === "$" && open > at) {
      pending.push(text.slice(at, open - 1), "${{");
      at = open + 3;
      continue;
    }
    pending.push(text.slice(at, open));
    flush();
    const { tokens, end } = lexExpression(text, open + 3, true);
    if (tokens.length === 1) throw new ExpressionError("there is nothing between `${{` and `}}`", open);
    parts.push({ kind: "expression", expression: parseTokens(tokens), start: open, end });
    at = end;
  }
  pending.push(text.slice(at));
  flush();
  return parts;
}

/**
 * The text with every `${{ … }}` replaced by its value: text as it is, null as nothing, all else as JSON.
 * Throws ExpressionError, and nothing else; bounded in time and in the size of what it makes.
 */
export function renderTemplate(text: string, scope: ExpressionScope): string {
  if (!text.includes("${{")) return text;
  const budget = new WorkBudget();
  return parseTemplate(text)
    .map((part) => {
      if (part.kind === "text") return part.text;
      const value = evaluate(part.expression, scope, budget);
      requireShallow(value, { budget, offset: part.start });
      const rendered = valueToText(value);
      budget.spend(rendered.length, part.start);
      return rendered;
    })
    .join("");
}

/** A text that renders to exactly `text`, whatever it holds. */
export function escapeTemplate(text: string): string {
  return text.replaceAll("${{", () => "$${{");
}
