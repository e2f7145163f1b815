import { describe, expect, test } from "vitest";
import { sentencesOf } from "../testing/loading.ts";

describe("JSON that is not JSON", () => {
  test.each<[text: string, sentence: string]>([
    [
      '{"instances": [] // none\n}',
      '1:18 JSON has no comments | put notes under a key that begins with //, such as "// note": "…", or write the file as YAML',
    ],
    ['{"a": 1,}', "1:8 there is a comma with nothing after it | remove it"],
    ['{"a": 1} x', "1:10 there is text after the end of the JSON value"],
    ['{"a": 1 "b": 2}', '1:9 `"` stands where a comma or `}` should be'],
    ["{'a': 1}", "1:2 `'` stands where a key should be | a key stands in double quotes in JSON"],
    ["{a: 1}", "1:2 `a` stands where a key should be | a key stands in double quotes in JSON"],
    ['{"a" 1}', "1:6 a colon is missing after the key `a`"],
    ['{"a": yes}', "1:7 `yes` is not a JSON value | text stands in double quotes in JSON"],
    ['{"a": None}', "1:7 `None` is not a JSON value | write `null`"],
    ['{"a": 01}', "1:7 this is not a number JSON knows | text stands in double quotes"],
    ['{"a": "x', '1:7 this text is never closed | it begins with " and the file ends before the next one'],
    ['{"a": "x\ny"}', String.raw`1:7 this text is not closed on its line | write a line break inside a text as \n`],
    [String.raw`{"a": "C:\dir"}`, String.raw`1:10 this is not an escape JSON knows | write \\ for a backslash`],
    ['{\n "a": [1, 2', "2:7 this `[` is never closed | the file ends where a comma or `]` should be"],
    [
      '{"a": 1, "a": 2, "instances": 5}',
      "1:10 the key `a` is written twice in the same place | keep one of them: the other would be lost",
    ],
  ])("%j is told", (text, sentence) => {
    expect(sentencesOf(text, { fileName: "fleet.json" })[0]).toBe(sentence);
  });
});
