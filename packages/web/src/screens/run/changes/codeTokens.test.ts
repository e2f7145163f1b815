import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenKinds } from "./codeTokens.ts";
import { highlightCode } from "./highlightCode.ts";
import { Highlighting } from "./highlighting.ts";
import type { HighlightAnswer, HighlightQuestion } from "./highlighting.ts";

function read(text: string, language: string) {
  const tokens = highlightCode(text, language);
  return text.split("\n").map((line, at) => {
    const flat = tokens[at] ?? [];
    return Array.from({ length: flat.length / 3 }, (_each, token) => {
      const [from = 0, to = 0, kind = 0] = flat.slice(token * 3, token * 3 + 3);
      return [line.slice(from, to), tokenKinds[kind]] as const;
    });
  });
}

test("what is a keyword, a string or a comment is known by its place in its line, over several lines too", () => {
  expect(read("const a = `x < ${b}`; // no & none\n/* one\ntwo */ return 17;", "typescript")).toEqual([
    [
      ["const", "keyword"],
      ["`x < ", "string"],
      ["`", "string"],
      ["// no & none", "comment"],
    ],
    [["/* one", "comment"]],
    [
      ["two */", "comment"],
      ["return", "keyword"],
      ["17", "number"],
    ],
  ]);
});

test("the tokens of any text lie within its lines, in order, and never over each other", () => {
  const piece = fc.constantFrom(
    "<b>",
    "</span>",
    "&lt;",
    "&",
    '"',
    "`${",
    "}",
    "/*",
    "*/",
    "\n",
    "const ",
    "é",
    "<!--",
  );
  const text = fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 20 }).map((all) => all.join(""));
  fc.assert(
    fc.property(text, fc.constantFrom("typescript", "xml"), (code, language) => {
      const tokens = highlightCode(code, language);
      const lines = code.split("\n");
      expect(tokens.length).toBe(lines.length);
      for (const [at, line] of tokens.entries()) {
        let last = 0;
        for (let each = 0; each < line.length; each += 3) {
          const [from = -1, to = -1, kind = -1] = line.slice(each, each + 3);
          expect(from >= last && to > from && to <= (lines[at]?.length ?? 0) && kind in tokenKinds).toBe(true);
          last = to;
        }
      }
    }),
    { numRuns: 300 },
  );
});

/** A reader that answers when it is told to. */
function rig() {
  const asked: HighlightQuestion[] = [];
  let ended = 0;
  let hear: (answer: HighlightAnswer) => void = () => undefined;
  let fail: () => void = () => undefined;
  const highlighting = new Highlighting((heard, failed) => {
    [hear, fail] = [heard, failed];
    return { ask: (question) => asked.push(question), end: () => (ended += 1) };
  });
  const answer = (number: number): void => hear({ number, tokens: [] });
  return { asked, highlighting, answer, fail: () => fail(), ended: () => ended };
}

test("texts are read one after the other, and one that is not wanted any more is not read", () => {
  const { asked, highlighting, answer } = rig();
  const taken: string[] = [];
  highlighting.ask("typescript", ["a"], () => taken.push("a"));
  const forget = highlighting.ask("typescript", ["b"], () => taken.push("b"));
  highlighting.ask("typescript", ["c"], () => taken.push("c"));
  forget();
  answer(1);
  answer(2);
  expect([asked.map(({ texts }) => texts[0]), taken]).toEqual([
    ["a", "c"],
    ["a", "c"],
  ]);
});

test("a reader that fails is ended, and another one goes on with the next text", () => {
  const { asked, highlighting, answer, fail, ended } = rig();
  const taken: string[] = [];
  highlighting.ask("typescript", ["a"], () => taken.push("a"));
  highlighting.ask("typescript", ["b"], () => taken.push("b"));
  fail();
  answer(1);
  answer(2);
  expect([asked.length, taken, ended()]).toEqual([2, ["b"], 1]);
  highlighting.end();
});
