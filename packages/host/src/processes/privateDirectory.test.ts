import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePrivateDirectory, removePrivateDirectory } from "./privateDirectory.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "private directory "));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string): number => lstatSync(path).mode & 0o777;
const nothing = { files: {}, copies: {} };

describe("a private directory", () => {
  test("and all in it is closed to others", () => {
    const path = join(folder, "run", "a");
    makePrivateDirectory(path, { files: { "settings/claude.json": "{}" }, copies: {} });
    expect([path, join(path, "tmp"), join(path, "settings")].map(modeOf)).toEqual([0o700, 0o700, 0o700]);
    expect(modeOf(join(path, "settings/claude.json"))).toBe(0o600);
  });

  test.for(["../outside", "/etc/outside", "a/../../outside", "."])("does not write outside itself (%s)", (name) => {
    const path = join(folder, "a");
    expect(() => makePrivateDirectory(path, { files: { [name]: "x" }, copies: {} })).toThrow("must lie inside");
    expect(existsSync(join(folder, "outside"))).toBe(false);
  });

  test("copies files and folders, and leaves out links, pipes and their targets", () => {
    const source = join(folder, "source");
    mkdirSync(join(source, "deep"), { recursive: true });
    writeFileSync(join(source, "deep", "one.md"), "one");
    writeFileSync(join(folder, "secret"), "secret");
    symlinkSync(join(folder, "secret"), join(source, "linked.md"));
    symlinkSync(folder, join(source, "linked-folder"));
    execFileSync("/usr/bin/mkfifo", [join(source, "pipe")]);
    const path = join(folder, "a");
    makePrivateDirectory(path, {
      files: {},
      copies: { "commands/mine": source, "single.md": join(source, "deep/one.md") },
    });
    expect(readFileSync(join(path, "commands/mine/deep/one.md"), "utf8")).toBe("one");
    expect(readFileSync(join(path, "single.md"), "utf8")).toBe("one");
    for (const name of ["linked.md", "linked-folder", "pipe"])
      expect(existsSync(join(path, "commands/mine", name))).toBe(false);
  });

  test("is not made through a link that lies in its place", () => {
    symlinkSync(folder, join(folder, "a"));
    expect(() => makePrivateDirectory(join(folder, "a"), nothing)).toThrow("EEXIST");
  });

  test("is removed with folders nobody may enter, and without what its links point at", async () => {
    const path = join(folder, "a");
    makePrivateDirectory(path, nothing);
    mkdirSync(join(path, "tmp", "closed"));
    writeFileSync(join(path, "tmp", "closed", "file"), "");
    chmodSync(join(path, "tmp", "closed"), 0o000);
    writeFileSync(join(folder, "kept"), "kept");
    symlinkSync(folder, join(path, "tmp", "link"));
    await removePrivateDirectory(path);
    expect([existsSync(path), existsSync(join(folder, "kept"))]).toEqual([false, true]);
  });
});
