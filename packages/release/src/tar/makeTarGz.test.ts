import { spawnSync } from "node:child_process";
import { readFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { makeTarGz } from "./makeTarGz.ts";

const long = `${"folder/".repeat(20)}file with spaces.txt`;
const files = [
  { path: "b.txt", bytes: Buffer.from("b") },
  { path: long, bytes: Buffer.alloc(1000, "x") },
  { path: "a", bytes: Buffer.from("#!/bin/sh\n"), isExecutable: true },
];

test("every tar unpacks it: names of any length, contents, modes, one time", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator tar-"));
  try {
    writeFileSync(path.join(folder, "x.tgz"), makeTarGz(files, 1_700_000_000));
    expect(spawnSync("tar", ["-xzf", "x.tgz"], { cwd: folder, encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
    for (const file of files) {
      const unpacked = path.join(folder, file.path);
      expect(readFileSync(unpacked)).toEqual(file.bytes);
      expect(statSync(unpacked).mtimeMs).toBe(1_700_000_000_000);
      expect((statSync(unpacked).mode & 0o100) !== 0).toBe(file.isExecutable === true);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the order in which files come, and the system they come from, leave no mark", () => {
  const packed = makeTarGz(files, 0);
  expect(makeTarGz(files.toReversed(), 0)).toEqual(packed);
  expect(packed.subarray(4, 10)).toEqual(Buffer.from([0, 0, 0, 0, 2, 255]));
});

test("a name that no tar can hold is refused", () => {
  expect(() => makeTarGz([{ path: "x".repeat(101), bytes: Buffer.alloc(0) }], 0)).toThrow("too long for a tar");
});

test("a path that ends with a slash is a folder, also an empty one", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "claude-orchestrator tar-"));
  try {
    writeFileSync(path.join(folder, "x.tgz"), makeTarGz([{ path: "empty/", bytes: Buffer.alloc(0) }], 0));
    expect(spawnSync("tar", ["-xzf", "x.tgz"], { cwd: folder, encoding: "utf8" }).stderr).toBe("");
    expect(statSync(path.join(folder, "empty")).isDirectory()).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
