import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExpressionError, renderExpressionError } from "./expressionError.ts";
import { referencedNeeds, templateReferences } from "./references.ts";
import { escapeTemplate, parseTemplate, renderTemplate } from "./template.ts";

const scope = { needs: { a: { result: "one", json: { list: [1, "x"] }, tokens: 7, none: null } } };

describe("a template", () => {
  test.each([
    ["plain", "plain"],
    ["say ${{ needs.a.result }}!", "say one!"],
    ["${{needs.a.tokens}}${{needs.a.json.list}}", '7[1,"x"]'],
    ["<${{ needs.a.none }}${{ needs.b.result }}>", "<>"],
    ["${{ needs.a.tokens > 5 }}", "true"],
    ["${{ '}}' }}", "}}"],
    ["$${{ needs.a.result }}", "${{ needs.a.result }}"],
    ["${{ needs.a.result }}$${{", "one${{"],
    ["$ { {{ }} $", "$ { {{ }} $"],
    ["multi ${{\n  needs.a.result\n}} line", "multi one line"],
  ])("%j renders to %j", (template, rendered) => {
    expect(renderTemplate(template, scope)).toBe(rendered);
  });

  test.each([
    ["a ${{ b", "`${{` is never closed by `}}`", 2],
    ["${{ }}", "there is nothing between `${{` and `}}`", 0],
    ["x\n${{ a = b }}", '"=" means nothing in an expression', 8],
  ])("%j is refused", (template, message, offset) => {
    expect(() => renderTemplate(template, scope)).toThrow(ExpressionError);
    expect(() => renderTemplate(template, scope)).toThrow(expect.objectContaining({ message, offset }));
  });

  test("shows where with a line, a column and a caret", () => {
    const text = "first\nsay ${{ needs.a = 1 }}";
    const error = new ExpressionError("`=` means nothing", text.indexOf("= "));
    expect(renderExpressionError(error, text)).toBe(
      "`=` means nothing (line 2, column 17)\nsay ${{ needs.a = 1 }}\n                ^",
    );
  });

  test("does not let one value fill the memory by standing in it a million times", () => {
    const template = "${{ v }}".repeat(10_000);
    expect(() => renderTemplate(template, { v: "x".repeat(100_000) })).toThrow("the expression has too much to do");
  });

  test("names what it looks up", () => {
    const text = "${{ needs.a.json[0] }} ${{ needs['b c'][matrix.k] || contains(run.id, needs.a.status) }}";
    expect(referencedNeeds(text)).toEqual(["a", "b c"]);
    expect(templateReferences(text).map(({ root, keys, dynamic }) => [root, keys, dynamic])).toEqual([
      ["needs", ["a", "json", 0], false],
      ["needs", ["b c"], true],
      ["matrix", ["k"], false],
      ["run", ["id"], false],
      ["needs", ["a", "status"], false],
    ]);
  });
});

test("escaped text renders to itself", () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom("$", "{", "}", "a", " ")).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (given) => {
      expect(renderTemplate(escapeTemplate(given), scope)).toBe(given);
    }),
    { numRuns: 500 },
  );
});

test("any template renders or throws an ExpressionError with a place in the text", () => {
  const piece = fc.constantFrom("${{", "}}", "$", "'", '"', "needs.a", " ", "(", ")", "x", "\n", "\\");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(piece).map((parts) => parts.join("")),
      ),
      (given) => {
        const error = errorOf(() => [renderTemplate(given, scope), parseTemplate(given), referencedNeeds(given)]);
        expect(error.offset).toBeGreaterThanOrEqual(0);
        expect(error.offset).toBeLessThanOrEqual(given.length);
        expect(renderExpressionError(error, given).split("\n")).toHaveLength(3);
      },
    ),
    { numRuns: 1_000 },
  );
});

/** The ExpressionError thrown, or one at the start where there is none; any other error is thrown on. */
function errorOf(action: () => unknown): ExpressionError {
  try {
    action();
    return new ExpressionError("none", 0);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}
