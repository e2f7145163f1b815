import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LogPages, pageLines } from "./logPages.ts";
import type { LogParts } from "./logPages.ts";

/** An output of so many lines that is over; remembers what it was asked for. */
function output(total: number) {
  const asked: number[] = [];
  const read: LogParts["read"] = ({ from_line = 1, lines = 500 }) => {
    asked.push(from_line);
    const numbers = Array.from(
      { length: Math.max(0, Math.min(lines, total - from_line + 1)) },
      (_, at) => from_line + at,
    );
    return Promise.resolve({
      from_line,
      lines: numbers.map((number) => ({ number, byte: number * 10, text: `line ${number}`, is_cut: false })),
      next_line: from_line + numbers.length,
      total_lines: total,
      bytes: total * 10,
      is_over: true,
    });
  };
  return { asked, pages: new LogPages({ read, after: () => undefined }) };
}

async function settled(pages: LogPages): Promise<void> {
  for (let before = -1; before !== pages.state.version;) {
    before = pages.state.version;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("what is wanted comes, wherever one looks and in whatever order", async () => {
  const looks = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 100_000 }), looks, async (total, places) => {
      const { pages } = output(total);
      pages.begin();
      await settled(pages);
      for (const place of places) {
        const from = Math.min(place, total);
        const to = Math.min(from + 60, total);
        pages.want(from, to);
        await settled(pages);
        expect(pages.line(from)?.text).toBe(`line ${from}`);
        expect(pages.line(to)?.text).toBe(`line ${to}`);
      }
    }),
    { numRuns: 40 },
  );
});

test("a page that is here is not asked for again, and old ones are let go", async () => {
  const { pages, asked } = output(200_000);
  pages.begin();
  await settled(pages);
  const before = asked.length;
  pages.want(1, 100);
  await settled(pages);
  expect(asked).toHaveLength(before);
  for (let page = 1; page < 100; page++) {
    pages.want(page * pageLines + 1, page * pageLines + 10);
    await settled(pages);
  }
  expect(pages.line(1)).toBeUndefined();
  expect(pages.line(99 * pageLines + 5)?.text).toBe(`line ${99 * pageLines + 5}`);
});

test("what was read stays for whoever comes back, and is gone on with where it ended", async () => {
  const asked: number[] = [];
  let total = 3;
  const read: LogParts["read"] = ({ from_line = 1, wait_ms = 0 }, signal) => {
    asked.push(from_line);
    if (wait_ms > 0)
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("left"))));
    const numbers = Array.from({ length: Math.max(0, total - from_line + 1) }, (_, at) => from_line + at);
    const lines = numbers.map((number) => ({ number, byte: number, text: `line ${number}`, is_cut: false }));
    return Promise.resolve({
      from_line,
      lines,
      next_line: total + 1,
      total_lines: total,
      bytes: total,
      is_over: false,
    });
  };
  const pages = new LogPages({ read, after: () => undefined });
  pages.begin();
  await settled(pages);
  pages.close();
  expect(pages.line(3)?.text).toBe("line 3");
  total = 5;
  pages.begin();
  await settled(pages);
  pages.close();
  expect([1, 3, 5].map((number) => pages.line(number)?.text)).toEqual(["line 1", "line 3", "line 5"]);
  expect(asked).toEqual([1, 4, 4, 6]);
});
