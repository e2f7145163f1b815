import fc from "fast-check";
import { expect, test } from "vitest";
import { areComments, followUpPrompt } from "./followUp.ts";
import { parseDiff } from "./parseDiff.ts";

const changed = `diff --git a/src/alpha.ts b/src/alpha.ts
index 1..2 100644
--- a/src/alpha.ts
+++ b/src/alpha.ts
@@ -5,3 +5,3 @@ function five() {
 line 5
-line 6
+changed six
 line 7
@@ -20 +20,2 @@
 line 20
+-- looks like a header
\\ No newline at end of file
`;

test("each line has its numbers in the file as it was and as it is", () => {
  const [file] = parseDiff(changed);
  expect(file).toMatchObject({ path: "src/alpha.ts", change: "changed", insertions: 2, deletions: 1, isBinary: false });
  expect(file?.lines.map(({ kind, before, after, text }) => [kind, before, after, text])).toEqual([
    ["hunk", undefined, undefined, "function five() {"],
    ["same", 5, 5, "line 5"],
    ["removed", 6, undefined, "line 6"],
    ["added", undefined, 6, "changed six"],
    ["same", 7, 7, "line 7"],
    ["hunk", undefined, undefined, ""],
    ["same", 20, 20, "line 20"],
    ["added", undefined, 21, "-- looks like a header"],
  ]);
});

test("new, removed, renamed and binary files are told apart, whatever their names", () => {
  const files = parseDiff(
    [
      "diff --git a/new file.txt b/new file.txt",
      "new file mode 100644",
      "--- /dev/null",
      "+++ b/new file.txt\t",
      "@@ -0,0 +1 @@",
      "+hello",
      "diff --git a/old.txt b/old.txt",
      "deleted file mode 100644",
      "--- a/old.txt",
      "+++ /dev/null",
      "@@ -1 +0,0 @@",
      "--- gone",
      "diff --git a/README.md b/docs/README.md",
      "similarity index 100%",
      "rename from README.md",
      "rename to docs/README.md",
      'diff --git "a/\\303\\244.png" "b/\\303\\244.png"',
      "new file mode 100644",
      'Binary files /dev/null and "b/\\303\\244.png" differ',
      "",
    ].join("\n"),
  );
  expect(files.map(({ path, from, change, isBinary }) => [path, from, change, isBinary])).toEqual([
    ["new file.txt", undefined, "added", false],
    ["old.txt", undefined, "removed", false],
    ["docs/README.md", "README.md", "renamed", false],
    ["ä.png", undefined, "added", true],
  ]);
  expect(files[1]?.lines.at(-1)?.text).toBe("-- gone");
});

test("whatever git prints, or is cut off, it is read, and its lines are counted rightly", () => {
  const pieces = [...changed.split("\n"), "rename from x", "+++ b/y", "@@ -1,9 +1,9 @@", 'diff --git "a/x" "b/x"', "-"];
  const line = fc.oneof(fc.constantFrom(...pieces), fc.string());
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), fc.nat({ max: 30 }), (lines, cut) => {
      for (const file of parseDiff(lines.join("\n").slice(0, -cut || undefined))) {
        expect(file.insertions).toBe(file.lines.filter(({ kind }) => kind === "added").length);
        expect(file.deletions).toBe(file.lines.filter(({ kind }) => kind === "removed").length);
      }
    }),
    { numRuns: 500 },
  );
});

test("comments become one prompt, file by file and line by line, with the code they are about", () => {
  const comment = (path: string, line: number, text: string) =>
    ({ path, line, side: "after", code: "  x = 1;", text }) as const;
  const prompt = followUpPrompt([
    comment("b.ts", 2, "Why?"),
    comment("a.ts", 30, "Rename it."),
    comment("a.ts", 4, "Test it."),
  ]);
  expect(prompt.split("\n\n").slice(1)).toEqual([
    "a.ts, line 4:\n> x = 1;\nTest it.",
    "a.ts, line 30:\n> x = 1;\nRename it.",
    "b.ts, line 2:\n> x = 1;\nWhy?",
  ]);
});

test("what was kept from before is only taken where it is comments", () => {
  expect([
    areComments([]),
    areComments([{ path: "a", line: 1, text: "x" }]),
    areComments([1]),
    areComments("x"),
  ]).toEqual([true, true, false, false]);
});
