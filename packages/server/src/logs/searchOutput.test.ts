import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { PatternThread } from "./patternThread.ts";
import { searchOutput } from "./searchOutput.ts";
import { Turns } from "./turns.ts";

const folder = mkdtempSync(join(tmpdir(), "search "));
const path = join(folder, "output.txt");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const alive = new AbortController().signal;

function search(text: string, isPattern: boolean) {
  const whole = { fromByte: 0, fromNumber: 1, firstLine: 1, limit: 1000, until: () => false };
  return searchOutput(path, { ...whole, text, isPattern, ignoreCase: true, signal: alive });
}

test("a pattern finds what it says, whole lines at a time, and colours are no part of a line", async () => {
  writeFileSync(path, "ok 1\r\n\u001b[31mFAIL\u001b[0m: expected 17\r\nok 22\nfail at the end");
  expect((await search("^fail(:| at)", true)).matches).toEqual([
    { line: 2, column: 1, text: "FAIL: expected 17" },
    { line: 4, column: 1, text: "fail at the end" },
  ]);
  expect((await search("\\d\\d$", true)).matches.map(({ line }) => line)).toEqual([2, 3]);
  expect((await search("fail: ", false)).matches.map(({ line }) => line)).toEqual([2]);
  expect((await search("", true)).total).toBe(4);
});

test("a text is found as a pattern that takes each of its characters as it stands, with the same count", async () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", ".", "(", "\\", " ", "é", "\u001b[3m", "m"), maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 20 }), line, async (lines, text) => {
      fc.pre(text !== "");
      writeFileSync(path, lines.join("\n"));
      const literal = text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
      expect(await search(literal, true)).toEqual(await search(text, false));
    }),
    { numRuns: 12 },
  );
});

test("a pattern that cannot be read is refused in words that say where", async () => {
  writeFileSync(path, "ok\n");
  await expect(search("ok (", true)).rejects.toMatchObject({
    status: 422,
    code: "pattern-invalid",
    message: "The pattern cannot be read: unterminated group, at character 4",
    problems: [{ line: 1, column: 4, excerpt: "ok (\n   ^" }],
  });
});

test("a pattern that explodes is given up, and ends at once where nobody waits any more", async () => {
  const endless = { pattern: "^(a+)+$", ignoreCase: false };
  const lines = [`${"a".repeat(64)}!`];
  using slow = new PatternThread({ ...endless, signal: alive, longestMs: 50 });
  await expect(slow.find(lines)).rejects.toMatchObject({ code: "pattern-given-up" });
  const gone = new AbortController();
  using left = new PatternThread({ ...endless, signal: gone.signal, longestMs: 600_000 });
  const looking = left.find(lines);
  gone.abort();
  await expect(looking).rejects.toMatchObject({ code: "gone" });
});

test("so many search at a time, and all have their turn, whoever fails", async () => {
  const turns = new Turns(2);
  let now = 0;
  let most = 0;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 9 }, (_each, at) =>
      turns.take(async () => {
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        if (at % 3 === 0) throw new Error("broken");
        return at;
      }),
    ),
  );
  expect([most, outcomes.filter(({ status }) => status === "fulfilled").length]).toEqual([2, 6]);
});
