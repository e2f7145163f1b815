import { describe, expect, test } from "vitest";
import { decodeConfig, largestConfigBytes } from "./decodeConfig.ts";

describe("bytes that are no configuration", () => {
  test.each<[string, number[], object]>([
    [
      "a stray continuation byte",
      [0x61, 0x0a, 0x62, 0x80],
      { line: 2, column: 2, message: "the file is not valid UTF-8: byte 0x80 at offset 3 cannot stand there" },
    ],
    [
      "a cut sequence",
      [0x61, 0xe2, 0x82],
      { line: 1, column: 2, message: "the file is not valid UTF-8: byte 0xE2 at offset 1 cannot stand there" },
    ],
    ["an overlong slash", [0xc0, 0xaf], { line: 1, column: 1 }],
    ["a surrogate", [0xed, 0xa0, 0x80], { line: 1, column: 1 }],
    [
      "UTF-16",
      [0xff, 0xfe, 0x61, 0x00],
      { message: "the file holds a NUL byte, so it is not a text in UTF-8", line: 1, column: 4 },
    ],
  ])("%s", (_title, bytes, expected) => {
    expect(decodeConfig(Uint8Array.from(bytes))).toMatchObject(expected);
  });

  test("50 MB are refused by their size", () => {
    expect(decodeConfig(new Uint8Array(50 * 1024 * 1024))).toEqual({
      message: "the file is 50.0 MB large, and at most 5 MB are read",
      hint: "put long texts into files of the workspace and name them in the prompt",
      line: 1,
      column: 1,
    });
  });

  test("5 MB are read", () => {
    const decoded = decodeConfig(new Uint8Array(largestConfigBytes).fill(0x61));
    expect("text" in decoded ? decoded.text.length : 0).toBe(largestConfigBytes);
  });
});
