import { expect, test } from "vitest";
import { resolvePath } from "./resolvePath.ts";

test.each([
  ["/a/b", "c", "/a/b/c"],
  ["/a/b", "../c/./d/", "/a/c/d"],
  ["/a", "/x/../y", "/y"],
  ["/a", "../../..", "/"],
  ["/a", ".", "/a"],
  ["/a", "~/x", "/home/ada/x"],
  ["/a", "~", "/home/ada"],
  [String.raw`C:\a\b`, "c/d", String.raw`C:\a\b\c\d`],
  [String.raw`C:\a\b`, String.raw`..\x`, String.raw`C:\a\x`],
  [String.raw`C:\a`, String.raw`D:\y`, String.raw`D:\y`],
  [String.raw`\\server\share\a`, "..", "\\\\server\\share\\"],
])("from %s, %s is %s", (base, path, resolved) => {
  expect(resolvePath(base, path, "/home/ada")).toBe(resolved);
});

test("a home folder that nobody told is not guessed", () => {
  expect(resolvePath("/a", "~/x")).toBeUndefined();
});
