import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nastyText } from "../../testing/arbitraryRun.ts";
import { cleanLine, cleanLines } from "./cleanText.ts";
import { displayWidth, splitAtWidth } from "./displayWidth.ts";
import { asciiGlyphs, glyphsFor, unicodeGlyphs } from "./glyphs.ts";
import { fitLine, fitText, line, lineWidth, padText, renderLine, wrapText } from "./line.ts";
import { colourPaint, noPaint, wantsColour } from "./paint.ts";
import { layTable } from "./table.ts";

describe("the width of text", () => {
  test.each([
    ["plain", 5],
    ["日本", 4],
    ["e\u0301", 1],
    ["👩‍👩‍👧‍👦", 2],
    ["🇩🇪", 2],
    ["❤️", 2],
    ["한글", 4],
    ["ｆ", 2],
    ["…", 1],
    ["", 0],
  ])("of %j is %i columns", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test("is one column for each character of text that is taken the short way", () => {
    const ranges = [
      "\u0020\u007e",
      "\u00a0\u00ac",
      "\u00ae\u02ff",
      "\u2010\u2027",
      "\u2500\u25fc",
      "↻↻",
      "≥≥",
      "✓✓",
      "✗✗",
    ];
    const characters = ranges.flatMap((range) => {
      const [first, last] = [range.charCodeAt(0), range.charCodeAt(1)];
      return Array.from({ length: last - first + 1 }, (_, at) => String.fromCharCode(first + at));
    });
    // The combining mark takes no column, and sends the text the long way.
    const long = (text: string): number => displayWidth(`${text}\u0301`);
    expect(characters.filter((each) => displayWidth(each) !== 1 || long(each) !== 1)).toEqual([]);
  });

  test("is shared out between the two halves of any split", () => {
    fc.assert(
      fc.property(nastyText.map(cleanLine), fc.nat({ max: 40 }), (text, columns) => {
        const { head, tail } = splitAtWidth(text, columns);
        expect(head + tail).toBe(text);
        expect(displayWidth(head)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe("text of an agent", () => {
  test("loses its terminal control and keeps its words", () => {
    expect(cleanLines("\u001b]0;title\u0007\u001b[31mred\u001b[0m\r\nnext\tcolumn\u0007\u202e")).toBe(
      "red\nnext  column",
    );
    expect(cleanLine("a\nb\tc\u001b[2K")).toBe("a b c");
  });

  test("keeps what follows an escape sequence that never ends", () => {
    expect(cleanLine("before \u001b]0;a title without an end")).toBe("before 0;a title without an end");
  });

  test("has no control character left, whatever it was", () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        expect(cleanLine(text)).not.toMatch(/\p{Cc}/u);
        expect(cleanLines(text).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
        expect(cleanLines(text).isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("a line", () => {
  test("is cut to the columns there are, and shows that it was", () => {
    expect(fitText("日本語です", 5)).toBe("日本…");
    expect(padText("ab", 4, "right")).toBe("  ab");
    expect(renderLine(fitLine([{ text: "one" }, { text: " two" }], 5), noPaint)).toBe("one …");
  });

  test("is never wider than asked, of whatever it is made", () => {
    fc.assert(
      fc.property(fc.array(nastyText, { maxLength: 5 }), fc.nat({ max: 60 }), (texts, columns) => {
        const fitted = fitLine(
          texts.map((text) => ({ text })),
          columns,
        );
        expect(lineWidth(fitted)).toBeLessThanOrEqual(columns);
        expect(displayWidth(fitText(texts.join(""), columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });

  test("keeps its indentation when it is wrapped", () => {
    expect(wrapText("    if (broken) return", 14)).toEqual(["    if", "(broken)", "return"]);
    expect(wrapText("    if (broken) return", 40)).toEqual(["    if (broken) return"]);
  });

  test("is wrapped without losing a word", () => {
    fc.assert(
      fc.property(nastyText, fc.integer({ min: 2, max: 40 }), (text, columns) => {
        const lines = wrapText(text, columns);
        for (const each of lines) expect(displayWidth(each)).toBeLessThanOrEqual(columns);
        const solid = (words: string): string => words.replaceAll(" ", "");
        expect(solid(lines.join(""))).toBe(solid(cleanLine(text)));
      }),
    );
  });
});

describe("a table", () => {
  const columns = [
    { title: "name", rank: 3, shrinkTo: 4 },
    { title: "cost", rank: 2, align: "right" as const },
    { title: "note", rank: 1, shrinkTo: 6 },
  ];

  test("lays its cells out in columns", () => {
    const lines = layTable(columns, [[{ text: "build" }, { text: "$1.00" }, { text: "fine" }]], { width: 80 });
    expect(lines.map((each) => renderLine(each, noPaint))).toEqual(["name    cost  note", "build  $1.00  fine"]);
  });

  test("leaves the least important column out where room is short", () => {
    const lines = layTable(columns, [[{ text: "build" }, { text: "$1.00" }, { text: "a long note" }]], { width: 14 });
    expect(lines.map((each) => renderLine(each, noPaint))).toEqual(["name    cost", "build  $1.00"]);
  });

  test("is never wider than asked", () => {
    const row = fc.tuple(nastyText, nastyText, nastyText).map((texts) => texts.map((text) => ({ text })));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 1, max: 60 }), (rows, width) => {
        for (const each of layTable(columns, rows, { width })) expect(lineWidth(each)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("colour", () => {
  test.each([
    [{ env: {}, isTTY: true, flag: true }, true],
    [{ env: {}, isTTY: false, flag: true }, false],
    [{ env: { NO_COLOR: "1" }, isTTY: true, flag: true }, false],
    [{ env: { NO_COLOR: "" }, isTTY: true, flag: true }, true],
    [{ env: { NO_COLOR: "1", FORCE_COLOR: "1" }, isTTY: true, flag: true }, false],
    [{ env: { FORCE_COLOR: "1" }, isTTY: false, flag: true }, true],
    [{ env: { FORCE_COLOR: "0" }, isTTY: true, flag: true }, false],
    [{ env: { TERM: "dumb" }, isTTY: true, flag: true }, false],
    [{ env: {}, isTTY: true, flag: false }, false],
  ])("for %j is wanted: %j", (wish, wanted) => {
    expect(wantsColour(wish)).toBe(wanted);
  });

  test("adds nothing but escape codes", () => {
    const painted = renderLine([...line("good", "good"), ...line(" rest")], colourPaint);
    expect(painted).not.toBe("good rest");
    expect(cleanLine(painted)).toBe("good rest");
  });
});

describe("the signs beside words", () => {
  test.each([
    [{}, unicodeGlyphs],
    [{ LANG: "de_DE.UTF-8" }, unicodeGlyphs],
    [{ LC_ALL: "C", LANG: "de_DE.UTF-8" }, asciiGlyphs],
    [{ TERM: "linux" }, asciiGlyphs],
    [{ OS: "Windows_NT" }, asciiGlyphs],
    [{ OS: "Windows_NT", WT_SESSION: "4b6f" }, unicodeGlyphs],
    [{ OS: "Windows_NT", TERM_PROGRAM: "vscode" }, unicodeGlyphs],
    [{ OS: "Windows_NT", TERM: "xterm-256color" }, unicodeGlyphs],
  ])("are those the terminal of %j can show", (env, glyphs) => {
    expect(glyphsFor(env)).toBe(glyphs);
  });
});
