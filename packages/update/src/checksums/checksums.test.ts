import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatChecksums, parseChecksums } from "./checksums.ts";

const hash = "0".repeat(64);
const part = fc
  .string({ minLength: 1, maxLength: 20, unit: "grapheme" })
  .filter((name) => !/[\0/\\:\uFFFD]/.test(name) && name.isWellFormed() && name !== "." && name !== "..");
const anyPath = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const anyHash = fc.stringMatching(/^[0-9a-f]{64}$/);

test("any list that is written is read again, sorted", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ path: anyPath, sha256: anyHash }), { selector: (each) => each.path, minLength: 1 }),
      (entries) => {
        const text = formatChecksums(entries);
        expect(parseChecksums(Buffer.from(text))).toEqual(
          entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path))),
        );
      },
    ),
  );
});

test("a list is read from any bytes without falling over", () => {
  const anyLine = fc.tuple(fc.constantFrom("", "\\"), fc.oneof(anyHash, fc.string()), fc.string());
  const lines = fc.array(anyLine.map(([mark, sum, name]) => `${mark}${sum}  ${name}`));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        lines.map((each) => Buffer.from(each.join("\n"))),
      ),
      (bytes) => {
        const read = parseChecksums(bytes);
        return "problem" in read || read.every((each) => !each.path.split("/").includes(".."));
      },
    ),
  );
});

test.skipIf(process.platform !== "linux")("sha256sum reads what is written, and what it writes is read", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "checksums "));
  try {
    const names = ["plain", "with space", "with\nnewline", "-rf"];
    for (const name of names) writeFileSync(path.join(folder, name), name);
    const { stdout } = spawnSync("sha256sum", ["--", ...names], { cwd: folder, encoding: "utf8" });
    const read = parseChecksums(Buffer.from(stdout));
    if ("problem" in read) throw new Error(read.problem);
    expect(read.map((each) => each.path)).toEqual(names);
    writeFileSync(path.join(folder, "SHA256SUMS"), formatChecksums(read));
    const words = ["--check", "--strict", "--quiet", "SHA256SUMS"];
    expect(spawnSync("sha256sum", words, { cwd: folder, encoding: "utf8" })).toMatchObject({ status: 0, stdout: "" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each([
  ["", "it is empty"],
  [`${hash}  ../evil\n`, "its line 1 names a file outside of its folder"],
  [`${hash}  a/./b\n`, "its line 1 names a file outside of its folder"],
  [`${hash}  /etc/passwd\n`, "its line 1 names a file outside of its folder"],
  [`${hash}  C:evil\n`, "its line 1 names a file outside of its folder"],
  [`\\${hash}  a\\\\..\\\\b\n`, "its line 1 names a file outside of its folder"],
  [`\\${hash}  a\\tb\n`, "its line 1 is no SHA-256 and the name of a file"],
  [`${hash}  a\n${hash} *a\n`, "its line 2 names a file a second time"],
  [`${hash}  a\n\n${hash}  b\n`, "its line 2 is no SHA-256 and the name of a file"],
  [`${hash.slice(1)}  a\n`, "its line 1 is no SHA-256 and the name of a file"],
  [`${hash}  a\n`.repeat(10_001), "it has more than 10000 lines"],
  ["x".repeat(1_048_577), "it is larger than 1048576 bytes"],
])("a list that nobody honest writes is refused: %.20j", (text, problem) => {
  expect(parseChecksums(Buffer.from(text))).toEqual({ problem });
});
