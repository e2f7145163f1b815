import type { JsonValue } from "../json.ts";

export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";

/**
 * A parsed expression.
 *
 *     expression := all { ("||" | "or") all }
 *     all        := negated { ("&&" | "and") negated }
 *     negated    := "not" negated | comparison
 *     comparison := unary [ ("==" | "!=" | "<" | "<=" | ">" | ">=") unary ]
 *     unary      := "!" unary | path
 *     path       := primary { "." name | "[" expression "]" }
 *     primary    := literal | name | function "(" [ expression { "," expression } ] ")" | "(" expression ")"
 *
 * `offset` is where it begins in the text it was parsed from.
 */
export type Expression =
  | { readonly kind: "literal"; readonly value: null | boolean | number | string; readonly offset: number }
  | { readonly kind: "name"; readonly name: string; readonly offset: number }
  | { readonly kind: "path"; readonly base: Expression; readonly keys: readonly Expression[]; readonly offset: number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[]; readonly offset: number }
  | { readonly kind: "not"; readonly operand: Expression; readonly offset: number }
  | { readonly kind: "any" | "all"; readonly operands: readonly Expression[]; readonly offset: number }
  | {
      readonly kind: "compare";
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly offset: number;
    };

/** What names stand for: `needs`, `matrix`, `variables`, `run`, `instance`. Only own properties are ever seen. */
export type ExpressionScope = Readonly<Record<string, JsonValue>>;
