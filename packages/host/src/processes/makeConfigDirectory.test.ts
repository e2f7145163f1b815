import { lstatSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFileTree, type FileTree } from "../testing/fileTree.ts";
import { makeConfigDirectory } from "./makeConfigDirectory.ts";

let tree: FileTree;
beforeEach(() => (tree = createFileTree({ "home/.claude/commands/mine.md": "mine" })));
afterEach(() => tree[Symbol.dispose]());

const wanted = () => ({
  path: tree.at("run/agent-config/a"),
  links: { commands: tree.at("home/.claude/commands"), skills: tree.at("home/.claude/skills") },
  files: { ".claude.json": "{}" },
});

test("an agent's own folder has what of the person's is there, and what it is to begin with", () => {
  makeConfigDirectory(wanted());
  const { path } = wanted();
  expect(readlinkSync(`${path}/commands`)).toBe(tree.at("home/.claude/commands"));
  expect(lstatSync(`${path}/skills`, { throwIfNoEntry: false })).toBeUndefined();
  expect(readFileSync(`${path}/.claude.json`, "utf8")).toBe("{}");
  expect([statSync(path).mode & 0o777, statSync(`${path}/.claude.json`).mode & 0o777]).toEqual([0o700, 0o600]);
});

test("what an earlier attempt left in it stays", () => {
  makeConfigDirectory(wanted());
  writeFileSync(tree.at("run/agent-config/a/.claude.json"), "remembered");
  makeConfigDirectory(wanted());
  expect(readFileSync(tree.at("run/agent-config/a/.claude.json"), "utf8")).toBe("remembered");
});
