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

describe("a private directory", () => {
  test("and all in it is closed to others", () => {
    const path = join(folder, "run", "a");
    makePrivateDirectory(path, { "settings/claude.json": "{}" });
    expect([path, join(path, "tmp"), join(path, "settings")].map(modeOf)).toEqual([0o700, 0o700, 0o700]);
    expect(modeOf(join(path, "settings/claude.json"))).toBe(0o600);
  });

  test.for(["../outside", "/etc/outside", "a/../../outside", "."])("does not write outside itself (%s)", (name) => {
    const path = join(folder, "a");
    expect(() => makePrivateDirectory(path, { [name]: "x" })).toThrow("must lie inside");
    expect(existsSync(join(folder, "outside"))).toBe(false);
  });

  test("keeps its files where a link lies in the place of one of its folders", () => {
    const path = join(folder, "a");
    makePrivateDirectory(path, {});
    symlinkSync(folder, join(path, "settings"));
    expect(() => makePrivateDirectory(path, { "settings/claude.json": "{}" })).toThrow("EEXIST");
    expect(existsSync(join(folder, "claude.json"))).toBe(false);
  });

  test("does not write through a link that lies in the place of a file", () => {
    const path = join(folder, "a");
    makePrivateDirectory(path, {});
    writeFileSync(join(folder, "kept"), "kept");
    symlinkSync(join(folder, "kept"), join(path, "claude.json"));
    expect(() => makePrivateDirectory(path, { "claude.json": "{}" })).toThrow("EEXIST");
    expect(readFileSync(join(folder, "kept"), "utf8")).toBe("kept");
  });

  test("is not made through a link that lies in its place", () => {
    symlinkSync(folder, join(folder, "a"));
    expect(() => makePrivateDirectory(join(folder, "a"), {})).toThrow("EEXIST");
  });

  test("is removed with folders nobody may enter, and without what its links point at", async () => {
    const path = join(folder, "a");
    makePrivateDirectory(path, {});
    mkdirSync(join(path, "tmp", "closed"));
    writeFileSync(join(path, "tmp", "closed", "file"), "");
    chmodSync(join(path, "tmp", "closed"), 0o000);
    writeFileSync(join(folder, "kept"), "kept");
    symlinkSync(folder, join(path, "tmp", "link"));
    await removePrivateDirectory(path);
    expect([existsSync(path), existsSync(join(folder, "kept"))]).toEqual([false, true]);
  });
});
