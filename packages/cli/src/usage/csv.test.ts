import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nastyText } from "../testing/arbitraryRun.ts";
import { cleanLine } from "../views/text/cleanText.ts";
import { csvText } from "./csv.ts";

/** RFC 4180, by the letter. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let row: string[] = [];
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (found === null) throw new Error(`no CSV: ${text}`);
    const [, quoted, bare = "", end] = found;
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const anyCell = fc.oneof(
  nastyText,
  fc.constantFrom("=1+1", "@SUM(A1)", ' "quoted", ', "", "a\r\nb"),
  fc.double(),
  fc.boolean(),
);

test("comma-separated values parse back to what they were made of, and no text begins a formula", () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyCell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
      const [, ...parsed] = parseCsv(csvText(["x", "y"], rows));
      const plain = rows.map((row) => row.map((each) => (typeof each === "string" ? cleanLine(each) : String(each))));
      const bare = parsed.map((row, at) => {
        return row.map((each, column) => (each === `'${plain[at]?.[column]}` ? each.slice(1) : each));
      });
      expect(bare).toEqual(plain);
      const texts = parsed.flatMap((row, at) => row.filter((_each, column) => typeof rows[at]?.[column] === "string"));
      for (const each of texts) expect(each).not.toMatch(/^\s*[=+\-@]/);
    }),
  );
});

test("a number below zero stays a number", () => {
  expect(csvText(["saved"], [[-0.5], ["-0.5"], [undefined]])).toBe("saved\r\n-0.5\r\n'-0.5\r\n\r\n");
});
