import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ExpressionError } from "./expressionError.ts";
import { parseExpression } from "./parser.ts";
import { printExpression } from "./printer.ts";
import type { Expression } from "./syntax.ts";

const anyName = fc
  .stringMatching(/^[a-z_][a-z0-9_-]{0,6}$/)
  .filter((name) => !["and", "or", "not", "null", "true", "false"].includes(name));

const { expression: anyExpression } = fc.letrec<{ expression: Expression }>((tie) => {
  const literal = fc
    .oneof(
      fc.constant(null),
      fc.boolean(),
      fc.string({ unit: "binary" }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    )
    .map((value): Expression => ({ kind: "literal", value, offset: 0 }));
  const name = anyName.map((each): Expression => ({ kind: "name", name: each, offset: 0 }));
  const operands = fc.array(tie("expression"), { minLength: 2, maxLength: 4 });
  const operator = fc.constantFrom(
    "==" as const,
    "!=" as const,
    "<" as const,
    "<=" as const,
    ">" as const,
    ">=" as const,
  );
  return {
    expression: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      literal,
      name,
      fc
        .tuple(tie("expression"), fc.array(tie("expression"), { minLength: 1, maxLength: 3 }))
        .filter(([base]) => base.kind !== "path")
        .map(([base, keys]): Expression => ({ kind: "path", base, keys, offset: 0 })),
      fc
        .array(tie("expression"), { minLength: 2, maxLength: 2 })
        .map((args): Expression => ({ kind: "call", name: "contains", args, offset: 0 })),
      tie("expression").map((operand): Expression => ({ kind: "not", operand, offset: 0 })),
      fc.tuple(fc.constantFrom("any" as const, "all" as const), operands).map(([kind, items]): Expression => ({
        kind,
        operands: items.flatMap((each) => (each.kind === kind ? each.operands : [each])),
        offset: 0,
      })),
      fc
        .tuple(operator, tie("expression"), tie("expression"))
        .map(([op, left, right]): Expression => ({ kind: "compare", operator: op, left, right, offset: 0 })),
    ),
  };
});

test("a printed expression parses to the same expression", () => {
  fc.assert(
    fc.property(anyExpression, (expression) => {
      const printed = printExpression(expression);
      fc.pre(printed.length < 10_000);
      expect(withoutOffsets(parseExpression(printed))).toEqual(withoutOffsets(expression));
    }),
    { numRuns: 500 },
  );
});

test("whatever parses prints to a text that parses to the same", () => {
  const word = fc.constantFrom(
    "a",
    "b-c",
    ".d",
    "[0]",
    '["x y"]',
    "(",
    ")",
    " == ",
    " < ",
    " and ",
    " or ",
    "not ",
    "!",
    "'x'",
    "-1",
    "length(a)",
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 12 }).map((words) => words.join("")),
      (text) => {
        const parsed = tryParse(text) ?? parseExpression("null");
        expect(withoutOffsets(parseExpression(printExpression(parsed)))).toEqual(withoutOffsets(parsed));
      },
    ),
    { numRuns: 2_000 },
  );
});

function tryParse(text: string): Expression | undefined {
  try {
    return parseExpression(text);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

function withoutOffsets(expression: Expression): unknown {
  return JSON.parse(JSON.stringify(expression, (key, value: unknown) => (key === "offset" ? undefined : value)));
}
