import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readReleasedSums } from "./releasedSums.ts";

const [head, other] = ["a".repeat(40), "b".repeat(40)];
const list = `${"0".repeat(64)}  claude-orchestrator-1.2.3.tgz\n`;
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator sums-"));
  file = path.join(folder, "SHA256SUMS");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function signedOf(commit: string): void {
  const comment = `timestamp:0\tfile:SHA256SUMS\tversion:1.2.3\tcommit:${commit}`;
  writeFileSync(`${file}.minisig`, `untrusted comment: x\nRU\ntrusted comment: ${comment}\nAA\n`);
}

test("sums are taken with or without a signature beside them", () => {
  writeFileSync(file, list);
  expect(readReleasedSums(file, head)).toBe(list);
  signedOf(head);
  expect(readReleasedSums(file, head)).toBe(list);
});

test("a release of another commit is refused before anything is built", () => {
  writeFileSync(file, list);
  signedOf(other);
  expect(() => readReleasedSums(file, head)).toThrow(`${file} is of commit ${other}, and here is ${head}`);
});

test("what lists no file is refused", () => {
  expect(() => readReleasedSums(file, head)).toThrow(`${file} cannot be read`);
  writeFileSync(file, "root:x:0:0\n");
  expect(() => readReleasedSums(file, head)).toThrow(`${file} lists no file with its SHA-256`);
});
