import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { notOfCommit } from "./notOfCommit.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "claude-orchestrator commit-"));
  git("init", "--quiet");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...words: readonly string[]): string {
  const person = ["init.defaultBranch=main", "user.name=a", "user.email=a@example.com"].flatMap((each) => ["-c", each]);
  const { status, stdout, stderr } = spawnSync("git", [...person, ...words], { cwd: root, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout.trim();
}

/** @returns the commit with it */
function commit(text: string): string {
  writeFileSync(path.join(root, "a file.md"), text);
  git("add", "--all");
  git("commit", "--quiet", "--message", text);
  return git("rev-parse", "HEAD");
}

test("a release of a commit alone can be made again; what was made or noted beside it does not matter", () => {
  const of = { root, commit: commit("first") };
  writeFileSync(path.join(root, "notes.txt"), "mine");
  expect(notOfCommit(of)).toBeUndefined();
  expect(notOfCommit({ root: tmpdir(), commit: "unknown" })).toBeUndefined();
});

test("one with a change that is not committed, or with a commit made meanwhile, says that it cannot", () => {
  const of = { root, commit: commit("first") };
  writeFileSync(path.join(root, "a file.md"), "changed");
  expect(notOfCommit(of)).toBe('not everything is committed, such as "a file.md"');
  const second = commit("second");
  expect(notOfCommit(of)).toBe(`the clone is at ${second} by now, and was at ${of.commit} when this began`);
});
