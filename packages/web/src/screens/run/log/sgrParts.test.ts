import fc from "fast-check";
import { expect, test } from "vitest";
import { sgrParts } from "./sgrParts.ts";

const escape = "\u001b";
const looks = (line: string) =>
  sgrParts(line).map(({ text, look: { colour, isBold } }) => [text, colour, isBold] as const);

test("the colours that a program prints are read, and end where it says so", () => {
  expect(looks(`${escape}[1;31mFAIL${escape}[0m src ${escape}[92mok${escape}[39m.`)).toEqual([
    ["FAIL", "red", true],
    [" src ", undefined, false],
    ["ok", "green", false],
    [".", undefined, false],
  ]);
});

test("what is mixed, or out of a table, is left out, and what follows it is not taken for something else", () => {
  expect(looks(`${escape}[38;2;31;1;31mmixed${escape}[38;5;1;1mbold${escape}[44mground`)).toEqual([
    ["mixed", undefined, false],
    ["bold", undefined, true],
    ["ground", undefined, true],
  ]);
});

test("whatever a line holds, its text is what is left without the sequences", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(escape, `${escape}[`, `${escape}[31m`, `${escape}[;;9999m`, "[1m"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const line = pieces.join("");
      const bare = line.replaceAll(new RegExp(`${escape}\\[[\\d;:]*m`, "g"), "").replaceAll(escape, "");
      expect(
        sgrParts(line)
          .map(({ text }) => text)
          .join(""),
      ).toBe(bare);
    }),
  );
});
