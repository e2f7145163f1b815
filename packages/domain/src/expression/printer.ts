import type { Expression } from "./syntax.ts";

/** The expression as text that parses to the same expression again (apart from offsets). */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case "literal":
      return JSON.stringify(expression.value);
    case "name":
      return expression.name;
    case "path":
      return printTight(expression.base) + expression.keys.map(printKey).join("");
    case "call":
      return `${expression.name}(${expression.args.map(printExpression).join(", ")})`;
    case "not":
      return `!${printTight(expression.operand)}`;
    case "any":
      return expression.operands.map(printTight).join(" || ");
    case "all":
      return expression.operands.map(printTight).join(" && ");
    case "compare":
      return `${printTight(expression.left)} ${expression.operator} ${printTight(expression.right)}`;
  }
}

function printTight(expression: Expression): string {
  const isTight =
    expression.kind === "literal" ||
    expression.kind === "name" ||
    expression.kind === "path" ||
    expression.kind === "call";
  return isTight ? printExpression(expression) : `(${printExpression(expression)})`;
}

function printKey(key: Expression): string {
  const isName = key.kind === "literal" && typeof key.value === "string" && /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key.value);
  return isName ? `.${key.value}` : `[${printExpression(key)}]`;
}
