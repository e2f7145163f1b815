import { isJsonObject, type JsonValue } from "../json.ts";
import { expressionFunctions, isFunctionName } from "./functions.ts";
import { parseExpression } from "./parser.ts";
import type { ComparisonOperator, Expression, ExpressionScope } from "./syntax.ts";
import { equalValues, isTruthy, ownValue, WorkBudget } from "./values.ts";

/**
 * The value of a bare expression (without `${{ }}`). A path that leads nowhere is null.
 * Values of different types are unequal, and neither is less than the other; so are null, lists and objects for `<`.
 * `&&` and `||` give the operand that decided. Throws ExpressionError, and nothing else.
 */
export function evaluateExpression(text: string, scope: ExpressionScope): JsonValue {
  return evaluate(parseExpression(text), scope, new WorkBudget());
}

/** The value of a parsed expression, with the work it costs taken from `budget`. */
export function evaluate(expression: Expression, scope: ExpressionScope, budget: WorkBudget): JsonValue {
  budget.spend(1, expression.offset);
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "name":
      return ownValue(scope, expression.name) ?? null;
    case "path":
      return expression.keys.reduce<JsonValue>(
        (value, key) => propertyOf(value, evaluate(key, scope, budget)),
        evaluate(expression.base, scope, budget),
      );
    case "not":
      return !isTruthy(evaluate(expression.operand, scope, budget));
    case "any":
    case "all":
      return firstDeciding(expression, scope, budget);
    case "compare": {
      const left = evaluate(expression.left, scope, budget);
      const right = evaluate(expression.right, scope, budget);
      if (expression.operator === "==") return equalValues(left, right, { budget, offset: expression.offset });
      if (expression.operator === "!=") return !equalValues(left, right, { budget, offset: expression.offset });
      return inOrder(expression.operator, left, right);
    }
    case "call": {
      const args = expression.args.map((arg) => evaluate(arg, scope, budget));
      // The parser lets known names through only.
      if (!isFunctionName(expression.name)) return null;
      return expressionFunctions[expression.name].call(args, { budget, offset: expression.offset });
    }
  }
}

function firstDeciding(
  expression: Extract<Expression, { readonly kind: "any" | "all" }>,
  scope: ExpressionScope,
  budget: WorkBudget,
): JsonValue {
  const wanted = expression.kind === "any";
  let last: JsonValue = null;
  for (const operand of expression.operands) {
    last = evaluate(operand, scope, budget);
    if (isTruthy(last) === wanted) return last;
  }
  return last;
}

function propertyOf(value: JsonValue, key: JsonValue): JsonValue {
  if (Array.isArray(value)) return typeof key === "number" ? (value[key] ?? null) : null;
  if (!isJsonObject(value)) return null;
  if (typeof key === "string") return ownValue(value, key) ?? null;
  return typeof key === "number" ? (ownValue(value, String(key)) ?? null) : null;
}

function inOrder(operator: Exclude<ComparisonOperator, "==" | "!=">, left: JsonValue, right: JsonValue): boolean {
  if (typeof left === "number" && typeof right === "number") return ordered(operator, left - right);
  if (typeof left === "string" && typeof right === "string") {
    return ordered(operator, left < right ? -1 : left > right ? 1 : 0);
  }
  return false;
}

function ordered(operator: Exclude<ComparisonOperator, "==" | "!=">, difference: number): boolean {
  switch (operator) {
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
  }
}
