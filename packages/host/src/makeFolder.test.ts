import { statSync } from "node:fs";
import { expect, test } from "vitest";
import { makeFolder } from "./makeFolder.ts";
import { createFileTree } from "./testing/fileTree.ts";

test("every missing level is made for the owner alone, and what exists is left as it is", () => {
  using tree = createFileTree({ "here/file": "" });
  makeFolder(tree.at("here/there/everywhere"));
  makeFolder(tree.at("here/there/everywhere"));
  expect(statSync(tree.at("here/there/everywhere")).mode & 0o777).toBe(0o700);
});

test("a file in the way is an error", () => {
  using tree = createFileTree({ "here/file": "" });
  expect(() => makeFolder(tree.at("here/file"))).toThrow(/EEXIST/);
  expect(() => makeFolder(tree.at("here/file/below"))).toThrow(/ENOTDIR/);
});

test.runIf(process.platform === "linux")(
  "a file system that cannot hold folders is an error, not an endless loop",
  () => {
    expect(() => makeFolder("/proc/no-such-folder/below")).toThrow(/ENOENT/);
  },
);
