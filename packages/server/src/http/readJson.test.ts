import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJson } from "./readJson.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("whatever JSON.stringify writes is read as it was", () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, false),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((each) => !Object.is(each, -0)),
      fc.string({ unit: "grapheme" }).map((text) => text.toWellFormed()),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ unit: "grapheme" }).filter((key) => key.isWellFormed() && key !== "__proto__"),
        tie("value"),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  })).value;
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2), (each, space) => {
      expect(readJson(bytes(JSON.stringify(each, undefined, space)))).toEqual(each);
    }),
  );
});

describe("what two readers could understand differently is refused:", () => {
  test.each([
    ['{"a":1,"a":2}', 'the key "a" stands twice'],
    ['{"a":1,"b":{"c":[{"x":1},{"x":2,"x":3}]}}', 'the key "x" stands twice'],
    [String.raw`{"a":1,"\u0061":2}`, "stands twice"],
    ['{"__proto__":{"file":"x"}}', "means something to the language itself"],
    [String.raw`{"a":{"\u005f_proto__":1}}`, "means something to the language itself"],
    [String.raw`{"text":"\ud800"}`, "half a character"],
    [String.raw`{"\udc00":1}`, "half a character"],
    ['{"n":1e999}', "the number 1e999 is too large"],
    ['{"n":NaN}', "it is no JSON"],
    ['{"n":-Infinity}', "it is no JSON"],
    ['{"n":01}', "it is no JSON"],
    ['{"a":1}{"b":2}', "it is no JSON"],
    ["\ufeff{}", "it is no JSON"],
    [`${'{"a":'.repeat(33)}1${"}".repeat(33)}`, "nested more than 32 levels deep"],
    [`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, "nested more than 32 levels deep"],
  ])("%.40s", (text, why) => expect(() => readJson(bytes(text))).toThrow(why));

  test("bytes that are no text", () => {
    expect(() => readJson(Buffer.from('{"a":"\u00e9"}', "latin1"))).toThrow("it is no text in UTF-8");
    // Longer than it need be: a slash that looks like none.
    expect(() => readJson(Buffer.from([0x22, 0xc0, 0xaf, 0x22]))).toThrow("it is no text in UTF-8");
  });
});

test("what only looks so is taken: braces, colons and quotes in texts, one key in two objects", () => {
  const value = { a: '{"b":1,"b":2}', "b:{": [{ x: '\\"' }, { x: "," }], c: { a: "}" } };
  expect(readJson(bytes(JSON.stringify(value)))).toEqual(value);
});
