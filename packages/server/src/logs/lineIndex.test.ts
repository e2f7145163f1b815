import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { LineIndex } from "./lineIndex.ts";

const folder = mkdtempSync(join(tmpdir(), "line index "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const aLine = fc.string({ unit: "grapheme", maxLength: 30 }).map((text) => text.replaceAll(/[\r\n]/g, " "));

test("any page of any file is what splitting it whole gives, however it grew", async () => {
  let files = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(aLine, { maxLength: 900 }),
      fc.nat(900),
      fc.nat(300),
      fc.boolean(),
      async (lines, cut, from, ends) => {
        const path = join(folder, `${(files += 1)}.txt`);
        const text = lines.join("\n") + (ends && lines.length > 0 ? "\n" : "");
        const bytes = Buffer.from(text);
        const index = new LineIndex(path);
        await index.extend();
        writeFileSync(path, bytes.subarray(0, cut));
        await index.extend();
        appendFileSync(path, bytes.subarray(cut));
        await Promise.all([index.extend(), index.extend()]);
        const whole = text.split("\n");
        if (whole.at(-1) === "") whole.pop();
        const page = await index.read(from + 1, 50, true);
        expect(page.map((each) => each.text)).toEqual(whole.slice(from, from + 50));
        expect(page.map(({ number }) => number)).toEqual(page.map((_each, at) => from + 1 + at));
      },
    ),
    { numRuns: 60 },
  );
});

test("a line without an end is cut, and takes no more memory than what is shown", async () => {
  const path = join(folder, "long.txt");
  writeFileSync(path, `${"x".repeat(5_000_000)}\nshort\n`);
  const index = new LineIndex(path);
  await index.extend();
  const lines = await index.read(1, 10, false);
  expect(lines.map(({ text, isCut }) => [text.length, isCut])).toEqual([
    [16_384, true],
    [5, false],
  ]);
});

test("the end of a million lines is found without reading them again", async () => {
  const path = join(folder, "million.txt");
  writeFileSync(path, Array.from({ length: 1_000_000 }, (_each, at) => `line ${at + 1}\n`).join(""));
  const index = new LineIndex(path);
  await index.extend();
  expect((await index.read(999_999, 5, true)).map(({ text }) => text)).toEqual(["line 999999", "line 1000000"]);
});
