import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../json.ts";
import { evaluateExpression } from "./evaluator.ts";
import { ExpressionError } from "./expressionError.ts";

const scope = {
  needs: {
    build: {
      result: "all good",
      json: { ok: true, files: ["a.ts", "b.ts"], "odd key": 1 },
      status: "succeeded",
      exit_code: 0,
      tokens: 1200,
      cost_usd: 0.5,
    },
    "deploy.1": { status: "failed" },
    tests: { results: ["x", "y"], members: { "tests (n=1)": { status: "succeeded" } }, status: "succeeded" },
  },
  matrix: { node: 22 },
  variables: { who: "Ada" },
};

describe("an expression", () => {
  test.each<[string, JsonValue]>([
    ["null", null],
    ["-1.5e2", -150],
    ["-0", 0],
    ["'it''s'", "it's"],
    [String.raw`'C:\new'`, String.raw`C:\new`],
    [String.raw`"a\n\u0041\"b"`, 'a\nA"b'],
    ["needs.build.result", "all good"],
    ["needs.build.json.files[1]", "b.ts"],
    ['needs.build.json["odd key"]', 1],
    ['needs["deploy.1"].status', "failed"],
    ['needs.tests.members["tests (n=1)"].status', "succeeded"],
    ["needs.nobody.result.deeper[3]", null],
    ["needs.build.json.files[9]", null],
    ["needs.build.json.files['length']", null],
    ["matrix.node == 22 and not (variables.who == 'Bob')", true],
    ["matrix.node == '22'", false],
    ["matrix.node != '22'", true],
    ["matrix.node < '3'", false],
    ["null < 1", false],
    ["'a' < 'b'", true],
    ["2 >= 2 && 1 <= 0 || 3 > 2", true],
    ["not 1 == 2", true],
    ["!1 == false", true],
    ['needs.build.json.files == fromJSON(\'["a.ts", "b.ts"]\')', true],
    ['fromJSON(\'{"a":1,"b":2}\') == fromJSON(\'{"b":2,"a":1}\')', true],
    ["needs.nobody.result || 'nothing'", "nothing"],
    ["needs.build.result && 5", 5],
    ["contains(needs.build.result, 'good')", true],
    ["contains(needs.build.json.files, 'a.ts')", true],
    ["contains(needs.build.json.files, 'A.ts')", false],
    ["contains(needs.build.json, 'ok')", true],
    ["contains(null, 'x')", false],
    ["startsWith('abc', 'ab')", true],
    ["endsWith('v22', matrix.node)", true],
    ["length(needs.build.json.files)", 2],
    ["length(null)", 0],
    ["join(needs.tests.results, ' + ')", "x + y"],
    ["toJSON(needs.build.json.files)", '["a.ts","b.ts"]'],
    ["fromJSON('not json')", null],
    ["fromJSON('{\"a\":[1]}').a[0]", 1],
  ])("%s", (text, value) => {
    expect(evaluateExpression(text, scope)).toEqual(value);
  });

  test.each([
    "__proto__",
    "constructor",
    "needs.__proto__",
    "needs.constructor.name",
    "needs['__proto__']",
    "needs.build.result.length",
    "toString",
    "needs.hasOwnProperty",
    "fromJSON('{\"__proto__\": 1}').__proto__",
    "fromJSON('{\"constructor\": 1}')['constructor']",
  ])("never reaches what JavaScript adds: %s", (text) => {
    expect(evaluateExpression(text, scope)).toBeNull();
  });

  test.each<[string, string, number]>([
    ["", "the expression ends where a value should be", 0],
    ["a =", '"=" means nothing in an expression', 2],
    ["a == ", "the expression ends where a value should be", 5],
    ["a b", "`b` stands where the end of the expression should be", 2],
    ["(a", "the expression ends where `)` should be", 2],
    ["a.", "the expression ends where a name after the dot should be", 2],
    ["1 < 2 < 3", "comparisons cannot be chained", 6],
    ["'open", "the text that begins with ' is never closed", 0],
    [String.raw`"\x"`, String.raw`"\x" is not an escape`, 1],
    ["shout('a')", "there is no function `shout`", 0],
    ["contains('a')", "`contains` takes 2 values, but is given 1", 0],
    ["1e999", "the number 1e999 is too large", 0],
    ["a == not b", "`not` stands where a value should be", 5],
    ["a; b", '";" means nothing in an expression', 1],
    ["(".repeat(70), "an expression is at most 64 levels deep", 65],
    ["!".repeat(70), "an expression is at most 64 levels deep", 65],
    ["a" + "|| a".repeat(3000), "an expression is at most 10000 characters long", 0],
  ])("is refused with a sentence and a place: %s", (text, message, offset) => {
    let caught: unknown;
    try {
      evaluateExpression(text, scope);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ExpressionError);
    expect(caught).toMatchObject({ message, offset });
  });

  test("gives up, rather than grow without bound", () => {
    const big = { value: '"'.repeat(1_000_000) };
    const bomb = `${"toJSON(".repeat(30)}value${")".repeat(30)}`;
    expect(() => evaluateExpression(bomb, big)).toThrow(ExpressionError);
  });

  test("refuses to walk a value nested ten thousand deep", () => {
    const deep = { value: "[".repeat(10_000) + "]".repeat(10_000) };
    expect(() => evaluateExpression("fromJSON(value) == fromJSON(value)", deep)).toThrow(
      "a value is nested too deeply",
    );
  });
});

test("any text gives a value or an ExpressionError whose place is in the text", () => {
  const word = fc.constantFrom(
    "needs",
    ".",
    "a",
    "[",
    "]",
    "(",
    ")",
    "==",
    "<",
    "&&",
    "or",
    "not",
    "!",
    "'x'",
    '"',
    "'",
    "1",
    "-",
    ",",
    "contains",
    "toJSON",
    "fromJSON",
    " ",
    "}}",
    "__proto__",
    "\\",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(word, { maxLength: 60 }).map((words) => words.join("")),
  );
  fc.assert(
    fc.property(text, (given) => {
      const offset = offsetOfError(() => JSON.stringify(evaluateExpression(given, scope)));
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset).toBeLessThanOrEqual(given.length);
    }),
    { numRuns: 1_000 },
  );
});

/** Where the ExpressionError lies, 0 where there is none; any other error is thrown on. */
function offsetOfError(action: () => unknown): number {
  try {
    action();
    return 0;
  } catch (error) {
    if (error instanceof ExpressionError) return error.offset;
    throw error;
  }
}
