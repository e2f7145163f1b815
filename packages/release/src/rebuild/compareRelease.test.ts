import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compareRelease } from "./compareRelease.ts";

const sumOfA = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator rebuild-"));
  writeFileSync(path.join(folder, "a.tgz"), "a");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("each file is the same, another, not made here, or a signature that nobody else can make", () => {
  writeFileSync(path.join(folder, "b with spaces.tgz"), "b");
  const root = "updates/metadata/1.root.json";
  const names = ["a.tgz", "b with spaces.tgz", "c.exe", "a.tgz.minisig", root, "a.tgz.sigstore.json"];
  expect(compareRelease(names.map((name) => `${sumOfA}  ${name}\n`).join(""), folder)).toEqual({
    identical: ["a.tgz"],
    different: ["b with spaces.tgz"],
    absent: ["c.exe"],
    signatures: ["a.tgz.minisig", root, "a.tgz.sigstore.json"],
  });
});

test("what is signed with a key that anybody has can be made again: the same bytes are the same", () => {
  const root = "updates/metadata/1.root.json";
  mkdirSync(path.join(folder, path.dirname(root)), { recursive: true });
  for (const [text, kind] of [
    ["a", "identical"],
    ["b", "signatures"],
  ] as const) {
    writeFileSync(path.join(folder, root), text);
    expect(compareRelease(`${sumOfA}  ${root}\n`, folder)[kind]).toEqual([root]);
  }
});

test("sums of `sha256sum --binary` and lines that end as on Windows are read too", () => {
  expect(compareRelease(`${sumOfA} *a.tgz\r\n`, folder).identical).toEqual(["a.tgz"]);
});

test.each([
  ["", "SHA256SUMS lists nothing"],
  [`${sumOfA}  a.tgz\nnonsense\n`, "Line 2 of SHA256SUMS is no sum and a name"],
  [`${sumOfA}  ../a.tgz\n`, "Line 1 of SHA256SUMS names `../a.tgz`, outside of the release"],
  [`${sumOfA}  /etc/passwd\n`, "Line 1 of SHA256SUMS names `/etc/passwd`, outside of the release"],
])("what is no list of sums is refused: %j", (text, sentence) => {
  expect(() => compareRelease(text, folder)).toThrow(sentence);
});
