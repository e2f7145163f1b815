import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLineSplitter } from "./lineSplitter.ts";

type Line = readonly [text: string, dropped: number];

function split(chunks: readonly Uint8Array[], max = 1024): readonly Line[] {
  const lines: Line[] = [];
  const splitter = createLineSplitter(max, (text, dropped) => lines.push([text, dropped]));
  for (const chunk of chunks) {
    // Overwritten afterwards, as the shared read buffer is.
    const shared = Buffer.from(chunk);
    splitter.push(shared);
    shared.fill(0x21);
  }
  splitter.end();
  return lines;
}

/** What the splitter promises, said in the simplest way: on the whole input at once. */
function model(input: Buffer, max: number): readonly Line[] {
  const pieces: Buffer[] = [];
  let start = 0;
  for (let at = input.indexOf(10); at !== -1; at = input.indexOf(10, start)) {
    pieces.push(input.subarray(start, at));
    start = at + 1;
  }
  if (start < input.length) pieces.push(input.subarray(start));
  return pieces.map((piece) => {
    const content = piece.at(-1) === 13 ? piece.subarray(0, -1) : piece;
    if (content.length <= max) return [content.toString(), 0];
    let kept = max;
    for (let back = 1; back <= Math.min(3, max); back++) {
      const byte = content[max - back] ?? 0;
      if (byte < 0x80) break;
      if (byte < 0xc0) continue;
      const needs = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      if (needs > back) kept = max - back;
      break;
    }
    return [content.subarray(0, kept).toString(), content.length - kept];
  });
}

const anyBytes = fc.array(
  fc.oneof(
    fc.constantFrom("\n", "\r\n", "\r", "\0", "é", "€", "😀", "abc", "").map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
  ),
  { maxLength: 40 },
);

test("any division of the bytes into chunks gives the same lines, cut ones too", () => {
  fc.assert(
    fc.property(
      anyBytes,
      fc.array(fc.nat(20), { maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
      (parts, sizes, max) => {
        const whole = Buffer.concat(parts);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(whole.subarray(at, at + size));
          at += size;
        }
        chunks.push(whole.subarray(at));
        expect(split(chunks, max)).toEqual(model(whole, max));
      },
    ),
    { numRuns: 1000 },
  );
});

describe("a line splitter", () => {
  test("takes a carriage return before the newline off, and only one", () => {
    expect(split([Buffer.from("a\r\nb\r\r\n\r\nc\rd\n")])).toEqual([
      ["a", 0],
      ["b\r", 0],
      ["", 0],
      ["c\rd", 0],
    ]);
  });

  test("hands on the last line without a newline, and nothing after a last newline", () => {
    expect(split([Buffer.from("a\nb")])).toEqual([
      ["a", 0],
      ["b", 0],
    ]);
    expect(split([Buffer.from("a\n")])).toEqual([["a", 0]]);
  });

  test("decodes a character that came in two chunks, shows bad bytes as U+FFFD and keeps NUL", () => {
    const euro = Buffer.from("€\n");
    expect(split([euro.subarray(0, 1), euro.subarray(1, 2), euro.subarray(2)])).toEqual([["€", 0]]);
    expect(split([Buffer.from([0x61, 0xff, 0x00, 0x62, 10])])).toEqual([["a\uFFFD\0b", 0]]);
  });

  test("cuts a line over the cap between two characters and tells how much was left out", () => {
    expect(split([Buffer.from("€€€\nnext\n")], 7)).toEqual([
      ["€€", 3],
      ["next", 0],
    ]);
  });

  test("does not call a line cut whose carriage return is all that is over the cap", () => {
    expect(split([Buffer.from("abc"), Buffer.from("d\r"), Buffer.from("\n")], 4)).toEqual([["abcd", 0]]);
  });

  test("keeps its memory flat over a line of 100 MB", () => {
    const chunk = Buffer.alloc(256 * 1024, 0x78);
    const lines: Line[] = [];
    const splitter = createLineSplitter(1024 * 1024, (text, dropped) => lines.push([text.slice(0, 3), dropped]));
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (let count = 0; count < 400; count++) {
      splitter.push(chunk);
      if (count % 40 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    splitter.push(Buffer.from("\nafter\n"));
    expect(lines).toEqual([
      ["xxx", 99 * 1024 * 1024],
      ["aft", 0],
    ]);
    expect(most).toBeLessThan(16 * 1024 * 1024);
  });
});
